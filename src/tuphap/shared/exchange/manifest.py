"""What the exchange itself plugs in: its permission, the national systems, their probe, notices, figures."""

from __future__ import annotations

from tuphap.shared.access.api import Permission
from tuphap.shared.notices.api import Channel, NoticeTemplate
from tuphap.shared.plug import Manifest

from .contracts import Ping, Pong
from .declarations import MANAGE, ExchangeService, LookupKind
from .figures import INDICATORS

# Identifiers of members and subsystems come with the integration contracts; these are the sample's.
SERVICES = (
    ExchangeService("police", "CSDL quốc gia về dân cư", "VN/GOV/BCA/DANCU", "POLICE"),
    ExchangeService("residence", "CSDL về cư trú", "VN/GOV/BCA/CUTRU", "RESIDENCE"),
    ExchangeService("insurance", "Bảo hiểm xã hội Việt Nam", "VN/GOV/BHXH/THEBHYT", "INSURANCE"),
    ExchangeService("assistance", "Hệ thống bảo trợ xã hội, người có công", "VN/GOV/BYT/TROGIUPXH", "ASSISTANCE"),
    ExchangeService("portal", "Cổng Dịch vụ công quốc gia", "VN/GOV/VPCP/DVCQG", "PORTAL"),
    ExchangeService("ministry", "Hệ thống hộ tịch của Bộ Tư pháp", "VN/GOV/BTP/HOTICH", "MINISTRY"),
)
PROBES = tuple(
    LookupKind(
        code=f"{service.code}.ping", service=service.code, title="Kiểm tra kết nối", body=Ping, answer=Pong,
        purpose="Kiểm tra kết nối", needs_dossier=False,
    )
    for service in SERVICES
)
NOTICES = (
    NoticeTemplate(
        code="exchange.dead_letter", title="Thông điệp liên thông chờ xử lý",
        text="Có thông điệp với {service} không hoàn thành, cần ông/bà xem và quyết định gửi lại hoặc dừng gửi.",
        params=("service",), url_name="exchange:dead_letters", channels=(Channel.EMAIL,),
    ),
    NoticeTemplate(
        code="exchange.refused", title="Từ chối thông điệp từ hệ thống khác",
        text="Hệ thống đã từ chối thông điệp của {service}: {what}.",
        params=("service", "what"), url_name="exchange:calls", channels=(Channel.EMAIL,),
    ),
)
MANIFEST = Manifest(
    name="exchange",
    title="Liên thông",
    declarations=(
        Permission(MANAGE, "Quản lý thông điệp liên thông", reaches_down=True),
        *SERVICES, *PROBES, *NOTICES, *INDICATORS,
    ),
)
