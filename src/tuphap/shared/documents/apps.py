from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "tuphap.shared.documents"
    label = "documents"
    verbose_name = "Văn bản"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from tuphap.kernel import signer

        signer.configure(settings.SIGNER_SOCKET)
