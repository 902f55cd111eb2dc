from django.apps import AppConfig


class OperationConfig(AppConfig):
    name = "tuphap.shared.operation"
    label = "operation"
    verbose_name = "Thao tác"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import guard

        guard.install()
