"""``{% once %}``: the hidden field by which a form that was sent twice is carried out once."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tuphap.shared.operation.http import FIELD, new_key

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """A fresh key for this showing of the form."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key())
