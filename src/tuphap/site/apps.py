from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tuphap.site"
    label = "site"
    verbose_name = "Trang chung"

    def ready(self) -> None:
        from tuphap.shared.accounts import api as accounts

        from .plugs import judge_personal_number

        accounts.use_personal_number_check(judge_personal_number)
