from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tuphap.shared.access"
    label = "access"
    verbose_name = "Phân quyền"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import many

        many.install()
