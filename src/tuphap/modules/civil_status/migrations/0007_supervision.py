"""Who watches over a guardianship: a role and two kinds of notes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('civil_status', '0006_targets_and_copies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='annotation',
            name='kind',
            field=models.CharField(choices=[('personal_number', 'Bổ sung số định danh cá nhân'), ('cancellation', 'Hủy bỏ việc đăng ký'), ('correction', 'Thay đổi, cải chính, bổ sung'), ('recognition', 'Nhận cha, mẹ, con'), ('reregistration', 'Đăng ký lại'), ('death', 'Khai tử'), ('marriage', 'Kết hôn'), ('divorce', 'Ly hôn, hủy việc kết hôn'), ('guardianship_end', 'Chấm dứt giám hộ'), ('supervision', 'Giám sát việc giám hộ'), ('supervision_end', 'Chấm dứt giám sát việc giám hộ')], max_length=20, verbose_name='loại ghi chú'),
        ),
        migrations.AlterField(
            model_name='party',
            name='role',
            field=models.CharField(choices=[('child', 'Người được khai sinh'), ('mother', 'Người mẹ'), ('father', 'Người cha'), ('declarant', 'Người đi khai'), ('deceased', 'Người chết'), ('husband', 'Bên nam'), ('wife', 'Bên nữ'), ('subject', 'Người được xác nhận'), ('ward', 'Người được giám hộ'), ('guardian', 'Người giám hộ'), ('supervisor', 'Người giám sát việc giám hộ'), ('parent', 'Người cha hoặc mẹ được nhận'), ('spouse', 'Vợ hoặc chồng')], max_length=12, verbose_name='vai'),
        ),
    ]
