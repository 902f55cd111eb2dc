"""How forms are drawn: one renderer for every form of the platform."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    pass
