from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "tuphap.modules.administration"
    label = "administration"
    verbose_name = "Quản trị hệ thống"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
