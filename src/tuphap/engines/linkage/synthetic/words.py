"""What names and places are made of: surnames, middle and given names of two generations, parts of unit names.

Written from general knowledge of Vietnamese names; shares are rough. Nothing here is taken from real people.
"""

from __future__ import annotations

# A word and its weight. Mountain peoples' surnames stand apart: their given names differ.
SURNAMES = """
Nguyễn:368 Trần:108 Lê:92 Phạm:68 Phan:44 Hoàng:28 Huỳnh:25 Vũ:22 Đặng:21 Bùi:20 Võ:16 Đỗ:14 Hồ:13 Ngô:12 Dương:10
Trương:9.5 Đinh:8 Đoàn:6.5 Lý:5 Đào:5 Cao:4.5 Trịnh:4.5 Mai:4.3 Lương:4.3 Hà:4.2 Lâm:3.8 Tạ:3 Phùng:3 Lưu:3 Chu:2.6
Thái:2.3 Châu:2.1 Tô:2 Vương:2 Tống:1.7 Kiều:1.6 Quách:1.4 Tăng:1.3 La:1.2 Nghiêm:1.1 Thạch:1.1 Từ:1 Hứa:1 Viên:.7
Khổng:.7 Tôn:.7 Bạch:.7 Doãn:.6 Lại:.9 Vi:.8 Văn:.6 Thân:.6 Mạc:.6 Kim:.7 Cù:.5 Giáp:.5 Ông:.4 Lã:.5 Lục:.4 Nhâm:.3
Khuất:.3 Phí:.3 Quản:.3 Tiêu:.4 Triệu:.9 Ninh:.4 Đàm:.9 Đồng:.5 Đậu:.5 Ngụy:.2 Âu:.3 Cung:.2 Diệp:.5 Liêu:.2 Quan:.3
Nhan:.2 Sầm:.3 Thiều:.3 Thang:.1 Trang:.2 Trà:.2 Uông:.2 Ứng:.1 Đường:.2 Biện:.2 Bành:.2 Hàn:.2 Hàng:.1 Hạ:.1
"""
HIGHLAND_SURNAMES = """
Nông:3 Lò:4 Giàng:3 Vàng:2.6 Thào:2 Sùng:2 Hoàng:2 Bế:1 Ma:1.5 Quàng:1.4 Cầm:1 Lường:1.5 Tòng:1.2 Điêu:.6 Vừ:.8 Mùa:1
Hạng:.8 Lầu:1 Cứ:.5 Chảo:.6 Tẩn:.6 Phàn:.5 Lù:.5 Hảng:.4 Siu:1 Ksor:1 Rơ:.6 Kpă:.7 Nay:.7 Rmah:.6 Rcom:.5 Y:2 Điểu:.8
Hờ:.4 Bríu:.3 Alăng:.4 Hồ:.6 Ka:.5 Đinh:.8 Bàn:.8 Đặng:.5 Lê:.4 Triệu:1.2 Lý:1
"""
MIDDLES = {
    # men born about 1940, men born about 2020, women born about 1940, women born about 2020
    ("Nam", 0): """
    Văn:470 -:34 Đức:42 Đình:40 Hữu:40 Quang:36 Xuân:34 Ngọc:34 Công:32 Thanh:26 Trọng:22 Minh:18 Viết:16 Bá:16 Thế:15
    Mạnh:12 Tiến:9 Duy:8 Huy:8 Khắc:8 Sỹ:6 Danh:4 Phú:3 Như:3 Tấn:4 Quý:3 Đăng:3 Vĩnh:2 Cảnh:2 Nho:1 Phước:3 Tất:2
    """,
    ("Nam", 1): """
    Văn:140 Minh:88 Gia:74 Hoàng:62 Quốc:54 Đức:50 Quang:46 Bảo:45 Anh:44 Thanh:36 Tuấn:36 Duy:33 Nhật:27 Hữu:24
    Đình:22 Ngọc:24 -:18 Công:17 Thành:18 Thiên:18 Xuân:14 Tiến:16 Trung:17 Khánh:13 Phúc:13 Hải:11 Đăng:8 Trí:6 Chí:5
    Nguyên:4 Phi:3 Việt:5 Tấn:5 Thế:4 Khôi:3 Hùng:2 Hoàng+Gia:5 Hoàng+Minh:5 Nguyễn+Minh:4 Trần+Gia:3 Lê+Minh:3
    Ngọc+Bảo:3 Nguyễn+Gia:3 Phạm+Minh:2 Quốc+Bảo:2 Đức+Anh:2
    """,
    ("Nữ", 0): """
    Thị:780 -:24 Ngọc:23 Kim:21 Thị+Hồng:18 Thị+Thanh:18 Thị+Ngọc:17 Thị+Kim:17 Thị+Thu:17 Thị+Minh:7 Thị+Bích:6
    Thị+Mỹ:5 Thị+Tuyết:4 Thu:2 Minh:2 Thanh:3 Thúy:2 Thị+Xuân:4 Thị+Lệ:3 Thị+Phương:3 Hồng:2 Bích:1 Mỹ:2
    """,
    ("Nữ", 1): """
    Thị:215 Ngọc:80 Bảo:60 Minh:50 Thanh:46 Thu:38 Phương:40 Khánh:40 Quỳnh:32 Gia:30 Thị+Thu:27 Thị+Thanh:26 Hồng:26
    Thị+Ngọc:25 Kim:24 Mai:24 Thùy:34 Thị+Kim:13 Bích:13 Tuyết:12 Hà:14 -:17 Thị+Phương:12 Thảo:11 Hoàng:9 Ngọc+Bảo:8
    Diệu:10 Hoài:10 Thị+Mai:8 Anh:8 Tường:6 Cẩm:5 Linh:4 Như:6 Yến:4 Trúc:5 Lan:5 Thiên:5 Thị+Hồng:7 Thị+Mỹ:5
    Nguyễn+Khánh:3 Trần+Bảo:3 Lê+Ngọc:3 Phạm+Phương:2 Ánh:4 Tú:4 Mỹ:6
    """,
}
GIVEN = {
    ("Nam", 0): """
    Hùng:52 Dũng:42 Minh:34 Thành:34 Sơn:29 Hải:25 Bình:24 Long:20 Thắng:21 Tuấn:18 Cường:16 Lợi:16 Đức:14 Tài:15
    Phúc:12 Quang:14 Hiền:13 Nam:12 Toàn:12 Tiến:11 Trung:11 Thanh:11 Tâm:11 Quân:9 Thịnh:9 Hưng:9 Chiến:11 Hai:10
    Vinh:9 Ba:10 Bảy:9 Tư:9 Năm:9 Sáu:8 Tám:7 Chín:7 Mười:6 Út:6 Hòa:10 Lộc:8 Phước:8 Đông:7 Xuân:6 Thu:1 Nghĩa:8
    Nhân:6 Lễ:3 Trí:5 Tín:3 Dần:5 Mão:3 Thìn:5 Tỵ:5 Ngọ:5 Mùi:4 Thân:4 Dậu:4 Tuất:4 Hợi:4 Tý:5 Sửu:4 Giáp:3 Ất:2
    Bính:3 Đinh:2 Mậu:2 Kỷ:2 Canh:2 Tân:6 Nhâm:2 Quý:5 Khánh:7 Hồng:6 Liêm:3 Sáng:4 Khoa:4 Luận:4 Luân:4 Luyện:2
    Mạnh:6 Nghị:4 Ngữ:2 Phong:5 Phú:6 Quyết:4 Quyền:4 Sang:5 Tấn:3 Thoại:2 Thọ:6 Thuận:6 Tịnh:2 Toán:3 Trọng:4
    Trường:4 Viễn:2 Việt:5 Vượng:3 Yên:2 Đại:4 Đạt:5 Điền:2 Đoàn:2 Khang:2 Kỳ:3 Lâm:6 Lực:3 Mẫn:2 Nhuận:2 Phi:2 Định:3
    Hạnh:2 Hậu:4 Học:2 Kháng:1 Kiên:5 Chính:4 Chức:2 Công:5 Bé:3 Bường:1 Chung:3 Cần:2 Đắc:1 Đệ:2 Đính:1 Hội:2 Huề:1
    Hữu:2 Khải:2 Khoát:1 Lai:2 Lanh:1 Lập:2 Lưu:1 Nhơn:2 Oanh:1 Phụng:2 Quế:1 Tạo:2 Thái:4 Thạo:1 Thảo:1 Thiện:5
    Thống:1 Thức:2 Trạch:1 Triển:1 Trinh:1 Tường:2 Xứng:1
    """,
    ("Nam", 1): """
    Huy:54 Khang:46 Bảo:40 Minh:37 Phúc:32 Anh:29 Khoa:27 Phát:25 Đạt:22 Khôi:21 Long:19 Nam:18 Duy:18 Tuấn:14 Quân:17
    Kiệt:15 Thịnh:14 Hưng:14 Trí:14 Hoàng:13 Nhân:13 Tài:11 Hiếu:13 Thành:10 Dũng:9 Phong:13 An:13 Nguyên:12 Phú:11
    Đức:10 Hùng:7 Hải:7 Sơn:7 Thắng:6 Lâm:9 Lộc:7 Tùng:9 Vinh:7 Quang:8 Bình:5 Cường:5 Trung:6 Toàn:5 Tiến:6 Tâm:4
    Thiện:7 Nghĩa:6 Triết:5 Danh:5 Đăng:9 Hào:6 Gia:2 Kỳ:3 Luân:3 Mạnh:4 Nhật:8 Quốc:5 Sang:3 Tân:4 Thiên:5 Trường:5
    Vũ:6 Việt:5 Vỹ:2 Đan:1 Đông:2 Ben:.4 Bin:.4 Bách:4 Chiến:2 Chương:2 Công:2 Điền:1 Hậu:3 Khải:6 Khánh:6 Khiêm:4
    Kiên:6 Nghị:1 Phước:3 Quý:4 Sỹ:1 Thái:4 Thông:2 Thuận:3 Tín:3 Tường:2 Uy:1 Vương:4 Xuân:.5 Lợi:2 Hòa:2 Giang:2
    Linh:1 Trọng:3 Tú:4
    """,
    ("Nữ", 0): """
    Lan:54 Hoa:42 Hồng:34 Hương:33 Liên:28 Mai:25 Hà:23 Loan:19 Nga:19 Tuyết:17 Nguyệt:17 Bình:15 Xuân:15 Hiền:15
    Tâm:14 Phượng:14 Hạnh:13 Cúc:13 Thu:12 Oanh:12 Đào:11 Yến:11 Lý:10 Thủy:21 Thanh:11 Phương:10 Minh:9 Nhung:10
    Ngọc:10 Bé:10 Hai:8 Ba:8 Tư:7 Năm:7 Sáu:7 Bảy:7 Tám:6 Chín:6 Mười:4 Út:7 Huệ:9 Hòa:8 Lành:5 Thắm:5 Thơm:6 Sen:6
    Lài:5 Nhàn:6 Nhài:4 Chanh:3 Cẩm:4 Châu:5 Dung:8 Duyên:5 Điệp:4 Gấm:3 Hằng:8 Hiên:3 Hoài:5 Hoan:3 Huyền:4 Khuyên:3
    Kiều:5 Lệ:6 Lựu:3 Ly:2 Lụa:4 Mơ:3 Mận:4 Mến:3 Miên:2 Mùi:4 Na:1 Ngân:5 Ngà:4 Nhạn:2 Nhị:3 Nụ:3 Phấn:3 Quế:4
    Quyên:3 Sâm:2 Sương:6 Tằm:1 Thảo:4 Thắng:1 Thêu:3 Thoa:5 Thỏa:2 Thơ:3 Thúy:9 Thư:3 Tính:2 Tình:3 Tơ:2 Trâm:2
    Trinh:3 Tươi:5 Tuyến:2 Vân:9 Vui:2 Vinh:1 Xoan:2 Xuyến:2 Yên:3 Ánh:6 Ái:3 Bích:6 Bông:2 Bưởi:1 Cảnh:1 Chi:3
    Chiến:1 Chuyên:1 Đượm:1 Én:1 Giang:2 Hảo:4 Hậu:4 Hợi:2 Dần:2 Ngọ:3 Dậu:2 Tý:3 Tỵ:3 Khanh:2 Lê:2 Liễu:4 Mẫn:1
    Mừng:1 Nết:1 Nhẫn:1 Nữ:2 Phúc:2 Tho:1
    """,
    ("Nữ", 1): """
    Anh:56 Trang:43 Linh:40 Ngân:38 Phương:32 Hương:26 Thảo:26 Hà:22 Nhi:26 Vy:25 Hân:23 Ngọc:19 Trâm:18 Chi:17 My:17
    Vân:12 Uyên:14 Mai:13 Quỳnh:16 Như:16 Thư:17 Hiền:10 Oanh:8 Huyền:13 Hằng:9 Yến:10 Trinh:9 Nga:7 Dung:7 Lan:7
    Hoa:5 Tiên:10 Thy:8 Trúc:8 Diệp:7 Khuê:5 Ly:8 Giang:7 An:11 Ánh:6 Châu:8 Duyên:8 Hạnh:6 Hoài:4 Kiều:5 Lam:4 Loan:4
    Minh:6 Nguyên:4 Nhiên:4 Phượng:4 Quyên:5 Tâm:4 Thanh:4 Thúy:5 Thủy:7 Tú:4 Tuyền:5 Tường:2 Vi:6 Xuân:3 Đan:5 Băng:2
    Bích:2 Cúc:1 Cẩm:1 Đào:1 Hồng:4 Hòa:2 Khánh:5 Lâm:2 Liên:4 Lệ:2 Mỹ:3 Nguyệt:4 Nhã:1 Nhung:6 Sương:3 San:1 Thương:6
    Thoa:1 Trà:3 Tuyết:4 Vũ:.3 Ái:1 Bảo:2 Hảo:1 Na:2 Nghi:5 Ngà:1 Phúc:1 Thùy:4 Viên:2 Yên:3 Uyển:1 Lợi:.3 Mơ:1 Thu:4
    Hậu:1
    """,
}
HIGHLAND_MIDDLES = {"Nam": "A:40 Văn:34 -:14 Seo:6 Minh:4 Đức:3 Xuân:3", "Nữ": "Thị:80 -:10 Thu:4 Ngọc:3 Kim:3 Seo:1"}
HIGHLAND_GIVEN = {
    "Nam": """
    Páo:4 Sình:4 Pao:3 Tủa:3 Dơ:3 Chá:4 Sùng:2 Lềnh:3 Pó:2 Vảng:2 Phử:2 Dế:2 Nủ:2 Súa:2 Chu:3 Sử:2 Khua:2 Lử:2 Blơi:1
    Thul:1 Hyut:1 Ngưm:1 Krông:1 Pluih:1 Bhiêng:1 Phin:2 Sín:2 Pín:2 Tráng:2 Giống:1 Thề:2 Dình:2 Tếnh:1
    """,
    "Nữ": """
    Dợ:4 Mỷ:4 Pà:3 Sua:4 Dua:4 Chở:3 Say:3 Mẩy:3 Pay:3 Hiêng:2 Xía:2 Ca:2 Mo:2 Lỳ:2 Sáy:2 Khoa:1 Chía:2 Blú:1 Nhứ:2
    Sính:2 Máy:3 Dở:2 Páng:2 Lả:2 Ín:2 Ón:1 Inh:1 Phom:1 Un:1 Pha:3 Lan:2
    """,
}
_PLACE_WORDS = """
An Bình Phước Tân Long Hưng Thạnh Mỹ Phú Hòa Thành Lộc Vĩnh Xuân Quảng Sơn Hải Đông Tây Nam Bắc Trung Thượng Hạ Đại
Tiên Cát Nghĩa Đức Hiệp Lợi Thới Khánh Kim Ngọc Châu Giang Thủy Trà Liên Phong Diên Ninh Minh Quang Yên Kỳ Thái Tam
Hoài Ân Nhơn Cẩm Điện Duy Quế Bàn Hương Vân Trường Lương Thuận Lạc Đồng Gia Ia Krông Đắk Chư Ea Bảo Thanh Lâm Hồng
"""
_PROVINCES = """
Hà Nội, Hải Phòng, Đà Nẵng, Cần Thơ, TP. Hồ Chí Minh, Hà Giang, Cao Bằng, Bắc Kạn, Tuyên Quang, Lào Cai,
Điện Biên, Lai Châu, Sơn La, Yên Bái, Hòa Bình, Thái Nguyên, Lạng Sơn, Quảng Ninh, Bắc Giang, Phú Thọ,
Vĩnh Phúc, Bắc Ninh, Hải Dương, Hưng Yên, Thái Bình, Hà Nam, Nam Định, Ninh Bình, Thanh Hóa, Nghệ An, Hà Tĩnh,
Quảng Bình, Quảng Trị, Thừa Thiên Huế, Quảng Nam, Quảng Ngãi, Bình Định, Phú Yên, Khánh Hòa, Ninh Thuận,
Bình Thuận, Lâm Đồng, Bình Phước, Tây Ninh, Bình Dương, Đồng Nai, Bà Rịa - Vũng Tàu, Long An, Tiền Giang,
Bến Tre, Trà Vinh, Vĩnh Long, Đồng Tháp, An Giang, Kiên Giang, Hậu Giang, Sóc Trăng, Bạc Liêu, Cà Mau
"""
PLACE_WORDS = _PLACE_WORDS.split()
PROVINCES = [name.strip() for name in _PROVINCES.split(",")]


def weighted(text: str) -> tuple[list[str], list[float]]:
    """The words and weights of one of the lists above."""
    pairs = [pair.rsplit(":", 1) for pair in text.split()]
    return [word for word, _ in pairs], [float(weight) for _, weight in pairs]
