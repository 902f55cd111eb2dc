from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "tuphap.shared.calendar"
    label = "calendar"
    verbose_name = "Lịch làm việc"
    default_auto_field = "django.db.models.BigAutoField"
