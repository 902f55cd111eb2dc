from django.apps import AppConfig
from django.core.checks import register


class AccountsConfig(AppConfig):
    name = "tuphap.shared.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .checks import no_sample_in_production

        register(no_sample_in_production)
