from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "tuphap.modules.reporting"
    label = "reporting"
    verbose_name = "Báo cáo thống kê"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .manifest import MANIFEST

        MANIFEST.install()
