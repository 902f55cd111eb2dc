from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from . import problems
from .api import api


@csrf_exempt
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address under the API that names nothing."""
    return problems.problem(request, status=404, code="not_found", detail="Không có địa chỉ này trong API.")


urlpatterns = [path("", api.urls), re_path(r"^(?P<rest>.*)$", nowhere)]
