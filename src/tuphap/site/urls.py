"""The root of every address: one line per room."""

from django.urls import include, path

urlpatterns = [
    path("", include("tuphap.site.pages_urls")),
    path("", include("tuphap.shared.accounts.urls")),
    path("xac-minh/", include("tuphap.shared.documents.urls")),
    path("", include("tuphap.shared.notices.urls")),
    path("", include("tuphap.shared.search.urls")),
    path("", include("tuphap.modules.one_stop_shop.urls")),
    path("ho-tich/", include("tuphap.modules.civil_status.urls")),
    path("so-hoa/", include("tuphap.modules.digitisation.urls")),
    path("chi-dao/", include("tuphap.modules.direction.urls")),
    path("bao-cao/", include("tuphap.modules.reporting.urls")),
    path("lien-thong/", include("tuphap.shared.exchange.urls")),
    path("quan-tri/", include("tuphap.modules.administration.urls")),
    path("api/xroad/", include("tuphap.shared.exchange.door_urls")),
    path("api/v1/", include("tuphap.site.api_urls")),
]

handler400 = "tuphap.site.errors.bad_request"
handler403 = "tuphap.site.errors.forbidden"
handler404 = "tuphap.site.errors.not_found"
handler500 = "tuphap.site.errors.server_error"
