"""The pages of a small bank, where the sample's resident opens an order and pays."""

from __future__ import annotations

from html import escape

from tuphap.shared.fees.vietqr import Transfer


def page(title: str, main: str) -> str:
    """One page of the bank."""
    return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><style>
body{{font:17px/1.5 sans-serif;margin:0;background:#eef3f1;color:#16302a}}main{{max-width:30rem;margin:2rem auto;
padding:1.5rem;background:#fff;border-radius:12px}}dt{{color:#46605a}}dd{{margin:0 0 .8rem;font-weight:600;
overflow-wrap:anywhere}}button{{font:inherit;padding:.7rem 1.4rem;border:0;border-radius:8px;background:#0b6b4f;
color:#fff;cursor:pointer}}</style></head><body><main><h1>{escape(title)}</h1>{main}
<p>Ngân hàng Bạch Đằng (mẫu) – dữ liệu giả lập, không có tiền thật.</p></main></body></html>"""


def _facts(wanted: Transfer) -> str:
    amount = f"{wanted.amount:,} đồng".replace(",", ".")
    facts = (("Đến tài khoản", f"{wanted.account} ({wanted.bank})"), ("Số tiền", amount), ("Nội dung", wanted.content))
    return "<dl>" + "".join(f"<dt>{title}</dt><dd>{escape(value)}</dd>" for title, value in facts) + "</dl>"


def form(wanted: Transfer, text: str) -> str:
    """The transfer before it is made."""
    hidden = f'<input type="hidden" name="qr" value="{escape(text, quote=True)}">'
    button = "<button>Xác nhận chuyển tiền</button>"
    return page("Chuyển tiền", f'{_facts(wanted)}<form method="post">{hidden}{button}</form>')


def done(wanted: Transfer, number: str) -> str:
    """The transfer after it was made."""
    return page("Chuyển tiền thành công", f"{_facts(wanted)}<p>Mã giao dịch: <b>{escape(number)}</b></p>")
