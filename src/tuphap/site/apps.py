from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tuphap.site"
    label = "site"
    verbose_name = "Trang chung"
