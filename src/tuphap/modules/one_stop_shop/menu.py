"""The desk's lines in the menus."""

from __future__ import annotations

from tuphap.shared.fees.api import Permission as FeePermission
from tuphap.shared.ui.api import MenuItem, MenuKind

from .rules import GenericPermission, Permission

HERE = "tuphap.modules.one_stop_shop.queries"
GROUP = "Một cửa"

MENU = (
    MenuItem("Hôm nay", "site:home", icon="home", order=10, key="h"),
    MenuItem(
        "Việc của tôi", "one_stop_shop:worklist", icon="list", group=GROUP, order=20, key="v",
        count=f"{HERE}.number_waiting",
    ),
    MenuItem(
        "Tiếp nhận tại quầy", "one_stop_shop:counter", Permission.RECEIVE, icon="inbox", group=GROUP, order=30, key="t"
    ),
    MenuItem("Bàn giao", "one_stop_shop:hand_overs", icon="hand-over", group=GROUP, order=35, key="n",
             count="tuphap.modules.one_stop_shop.handover.queries.number_to_take",
             shown="tuphap.modules.one_stop_shop.handover.queries.hands_papers_on"),
    MenuItem("Chờ phê duyệt và ký", "one_stop_shop:sign", icon="sign", group=GROUP, order=40, key="k",
             count=f"{HERE}.number_to_sign", shown=f"{HERE}.may_sign_somewhere"),
    MenuItem("Ký số lỗi", "one_stop_shop:failed_signings", GenericPermission.SIGN, icon="alert", group=GROUP, order=45,
             count="tuphap.modules.one_stop_shop.generic.queries.count_failed_signings"),
    MenuItem("Bản ký chờ quét", "one_stop_shop:originals", icon="stamp", group=GROUP, order=47,
             count=f"{HERE}.number_lacking_originals", shown=f"{HERE}.scans_originals"),
    MenuItem(
        "Bưu chính", "one_stop_shop:postal", Permission.RETURN, icon="send", group=GROUP, order=48,
        count="tuphap.modules.one_stop_shop.post.queries.number_waiting",
    ),
    MenuItem("Hồ sơ", "one_stop_shop:all_dossiers", icon="files", group=GROUP, order=50, key="o",
             shown=f"{HERE}.sees_dossiers"),
    MenuItem(
        "Sổ theo dõi", "one_stop_shop:tracking_book", Permission.VIEW, icon="book", group=GROUP, order=60, key="b"
    ),
    MenuItem("Thu phí, lệ phí", "one_stop_shop:finance", FeePermission.VIEW, icon="money", group="Tài chính", order=70,
             count="tuphap.shared.fees.queries.number_waiting"),
    MenuItem("Thủ tục", "one_stop_shop:procedures", kind=MenuKind.PUBLIC, order=10),
    MenuItem("Tra cứu hồ sơ", "one_stop_shop:track", kind=MenuKind.PUBLIC, order=20),
    MenuItem("Xác minh giấy tờ", "documents:verify", kind=MenuKind.PUBLIC, order=25),
    MenuItem("Hồ sơ của tôi", "one_stop_shop:my_dossiers", kind=MenuKind.CITIZEN, order=30),
    MenuItem("Kho kết quả", "one_stop_shop:store", kind=MenuKind.CITIZEN, order=35),
)
