"""The ethnic groups and nationalities that papers name. Both go from the name shown to its code."""

from __future__ import annotations

FOREIGN = "Người nước ngoài"
STATELESS = "Không quốc tịch"

_GROUPS = (
    "Kinh", "Tày", "Thái", "Hoa", "Khmer", "Mường", "Nùng", "Mông", "Dao", "Gia-rai", "Ngái", "Ê-đê", "Ba-na",
    "Xơ-đăng", "Sán Chay", "Cơ-ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "Ra-glai", "Xtiêng", "Bru - Vân Kiều", "Thổ",
    "Giáy", "Cơ-tu", "Gié - Triêng", "Mạ", "Khơ-mú", "Co", "Ta-ôi", "Chơ-ro", "Kháng", "Xinh-mun", "Hà Nhì", "Chu-ru",
    "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y",
    "Si La", "Pu Péo", "Brâu", "Ơ-đu", "Rơ-măm", FOREIGN,
)
ETHNICITIES = {name: f"{number:02d}" for number, name in enumerate(_GROUPS, start=1)}
"""The 54 groups in the order and under the numbers of Quyết định 121-TCTK/PPCĐ of 1979, then the foreigners (55)."""

_COUNTRIES = """
VN Việt Nam;AF Áp-ga-ni-xtan;EG Ai Cập;AL An-ba-ni;DZ An-giê-ri;AD An-đô-ra;AO Ăng-gô-la;GB Anh
AG An-ti-goa và Bác-bu-đa;AT Áo;SA Ả-rập Xê-út;AR Ác-hen-ti-na;AM Ác-mê-ni-a;AZ A-déc-bai-gian;IN Ấn Độ
BS Ba-ha-mát;PL Ba Lan;BH Ba-ranh;BD Băng-la-đét;BB Bác-ba-đốt;BY Bê-la-rút;BZ Bê-li-xê;BJ Bê-nanh;BE Bỉ
CI Bờ Biển Ngà;PT Bồ Đào Nha;BO Bô-li-vi-a;BA Bốt-xni-a Héc-dê-gô-vi-na;BW Bốt-xoa-na;BR Bra-xin;BN Bru-nây
BG Bun-ga-ri;BF Buốc-ki-na Pha-xô;BI Bu-run-đi;BT Bu-tan;AE Các Tiểu vương quốc Ả-rập Thống nhất;CV Cáp Ve
KH Cam-pu-chia;CM Ca-mơ-run;CA Ca-na-đa;QA Ca-ta;KZ Ca-dắc-xtan;CL Chi-lê;CO Cô-lôm-bi-a;KM Cô-mo;CG Công-gô
CD Cộng hòa Dân chủ Công-gô;KW Cô-oét;XK Cô-xô-vô;CR Cốt-xta Ri-ca;HR Crô-a-ti-a;CU Cu-ba;DJ Gi-bu-ti
DM Đô-mi-ni-ca;DO Đô-mi-ni-ca-na;DE Đức;DK Đan Mạch;TL Đông Ti-mo;EC Ê-cu-a-đo;SV En Xan-va-đo;ER Ê-ri-tơ-ri-a
EE E-xtô-ni-a;SZ E-xoa-ti-ni;ET Ê-ti-ô-pi-a;FJ Phi-gi;GA Ga-bông;GM Găm-bi-a;GH Ga-na;GD Grê-na-đa;GE Gru-di-a
GT Goa-tê-ma-la;GN Ghi-nê;GW Ghi-nê Bít-xao;GQ Ghi-nê Xích đạo;GY Guy-a-na;HT Ha-i-ti;NL Hà Lan;KR Hàn Quốc
US Hoa Kỳ;HN Hôn-đu-rát;HU Hung-ga-ri;GR Hy Lạp;IS Ai-xơ-len;ID In-đô-nê-xi-a;IR I-ran;IQ I-rắc;IE Ai-len
IL I-xra-en;IT I-ta-li-a;JM Gia-mai-ca;JO Gioóc-đa-ni;KE Kê-ni-a;KI Ki-ri-ba-ti;KG Cư-rơ-gư-xtan;LA Lào
LV Lát-vi-a;LS Lê-xô-thô;LB Li-băng;LR Li-bê-ri-a;LY Li-bi;LI Lích-ten-xtanh;LT Lít-va;LU Lúc-xăm-bua
MK Bắc Ma-xê-đô-ni-a;MG Ma-đa-ga-xca;MY Ma-lai-xi-a;MW Ma-la-uy;MV Man-đi-vơ;ML Ma-li;MT Man-ta;MA Ma-rốc
MH Mác-san;MR Mô-ri-ta-ni;MU Mô-ri-xơ;MX Mê-hi-cô;FM Mi-crô-nê-xi-a;MM Mi-an-ma;MD Môn-đô-va;MC Mô-na-cô
MN Mông Cổ;ME Môn-tê-nê-grô;MZ Mô-dăm-bích;ZA Nam Phi;SS Nam Xu-đăng;NA Na-mi-bi-a;NR Na-u-ru;NO Na Uy
NP Nê-pan;NZ Niu Di-lân;NI Ni-ca-ra-goa;NE Ni-giê;NG Ni-giê-ri-a;RU Nga;JP Nhật Bản;OM Ô-man;AU Ô-xtrây-li-a
PK Pa-ki-xtan;PW Pa-lau;PS Pa-le-xtin;PA Pa-na-ma;PG Pa-pua Niu Ghi-nê;PY Pa-ra-goay;PE Pê-ru;FR Pháp
FI Phần Lan;PH Phi-líp-pin;RW Ru-an-đa;RO Ru-ma-ni;TD Sát;CY Síp;WS Xa-moa;SM Xan Ma-ri-nô
ST Xao Tô-mê và Prin-xi-pê;CZ Séc;SC Xây-sen;SN Xê-nê-gan;RS Xéc-bi-a;SL Xi-ê-ra Lê-ôn;SG Xin-ga-po
SK Xlô-va-ki-a;SI Xlô-ven-ni-a;SB Xô-lô-môn;SO Xô-ma-li;LK Xri Lan-ca;SD Xu-đăng;SR Xu-ri-nam;SY Xi-ri
KN Xanh Kít và Nê-vít;LC Xanh Lu-xi-a;VC Xanh Vin-xen và Grê-na-din;TJ Tát-gi-ki-xtan;TZ Tan-da-ni-a
ES Tây Ban Nha;TH Thái Lan;TR Thổ Nhĩ Kỳ;SE Thụy Điển;CH Thụy Sĩ;TG Tô-gô;TO Tông-ga;TT Tri-ni-đát và Tô-ba-gô
CF Trung Phi;CN Trung Quốc;KP Triều Tiên;TN Tuy-ni-di;TM Tuốc-mê-ni-xtan;TV Tu-va-lu;UA U-crai-na
UZ U-dơ-bê-ki-xtan;UG U-gan-đa;UY U-ru-goay;VU Va-nu-a-tu;VA Va-ti-căng;VE Vê-nê-xu-ê-la;YE Y-ê-men
ZM Dăm-bi-a;ZW Dim-ba-bu-ê;TW Đài Loan (Trung Quốc);HK Hồng Kông (Trung Quốc);MO Ma Cao (Trung Quốc)
"""
NATIONALITIES = {
    entry[3:]: entry[:2] for line in _COUNTRIES.strip().splitlines() for entry in line.split(";")
} | {STATELESS: "XX"}
"""Nationality as papers print it → ISO 3166-1 code of the country; Việt Nam first, the stateless last (``XX``)."""
