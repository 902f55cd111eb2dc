"""What modules use of the interface besides its templates and the ``ui`` tags, which every template has."""

from .charts import Bar, Column, Series
from .forms import Form, Shown, add_refusal, plain, shown, spread_refusal
from .menus import MenuGroup, MenuItem, MenuKind, MenuLine, menu
from .paging import LongPaginator

__all__ = [
    "Bar",
    "Column",
    "Form",
    "LongPaginator",
    "MenuGroup",
    "MenuItem",
    "MenuKind",
    "MenuLine",
    "Series",
    "Shown",
    "add_refusal",
    "menu",
    "plain",
    "shown",
    "spread_refusal",
]
