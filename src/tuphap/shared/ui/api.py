"""What modules use of the interface besides its templates and the ``ui`` tags, which every template has."""

from .charts import Bar, Column, Series
from .forms import Form, add_refusal
from .menus import MenuGroup, MenuItem, MenuKind, MenuLine, menu

__all__ = [
    "Bar",
    "Column",
    "Form",
    "MenuGroup",
    "MenuItem",
    "MenuKind",
    "MenuLine",
    "Series",
    "add_refusal",
    "menu",
]
