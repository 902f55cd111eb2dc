from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tuphap.shared.files"
    label = "files"
    verbose_name = "Tệp"
    default_auto_field = "django.db.models.BigAutoField"
