from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "tuphap.shared.numbering"
    label = "numbering"
    verbose_name = "Số đăng ký"
    default_auto_field = "django.db.models.BigAutoField"
