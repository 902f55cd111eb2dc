"""Why a file is not taken in."""

from __future__ import annotations

from tuphap.kernel.refusal import Refusal


class FileTooLarge(Refusal):
    code = "files.too_large"
    message_vi = "Tệp quá lớn: tối đa {limit} MB."


class FileEmpty(Refusal):
    code = "files.empty"
    message_vi = "Tệp rỗng, không có nội dung."


class FileType(Refusal):
    """None of the kinds that are taken in; or not what it says it is."""

    code = "files.type"
    message_vi = "Chỉ nhận tệp PDF, JPEG, PNG, DOCX hoặc XML đã ký số, và nội dung tệp phải đúng với loại tệp."


class FileNoScan(Refusal):
    """A scan is wanted, and this is text."""

    code = "files.no_scan"
    message_vi = "Bản quét phải là tệp PDF, JPEG hoặc PNG."


class FileUnreadable(Refusal):
    code = "files.unreadable"
    message_vi = "Không đọc được tệp: tệp bị hỏng hoặc chưa tải lên hết."


class FileUnsafe(Refusal):
    """A document that is more than paper: encrypted, scripted, carrying or fetching something else."""

    code = "files.unsafe"
    message_vi = "Tệp không được chấp nhận vì {reason}."


class FileUnsigned(Refusal):
    """XML is taken in for the signature that it bears."""

    code = "files.unsigned"
    message_vi = "Tệp XML phải có chữ ký số."


class FileInfected(Refusal):
    code = "files.infected"
    message_vi = "Tệp bị từ chối vì có mã độc ({name})."


class ScannerAway(Refusal):
    """What nobody has looked at is not taken in."""

    code = "files.scanner_away"
    message_vi = "Chưa kiểm tra được mã độc nên chưa nhận tệp. Vui lòng thử lại sau ít phút."
    status = 503
