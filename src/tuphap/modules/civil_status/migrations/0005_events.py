from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('civil_status', '0004_plain_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='act',
            name='event_earliest',
            field=models.DateField(null=True, verbose_name='xảy ra sớm nhất'),
        ),
        migrations.AddField(
            model_name='act',
            name='event_latest',
            field=models.DateField(null=True, verbose_name='xảy ra muộn nhất'),
        ),
        migrations.AddField(
            model_name='act',
            name='event_on',
            field=models.CharField(blank=True, max_length=10, verbose_name='ngày xảy ra'),
        ),
        migrations.AddField(
            model_name='act',
            name='facts',
            field=models.JSONField(default=dict, verbose_name='nội dung riêng của loại việc'),
        ),
        migrations.AlterField(
            model_name='annotation',
            name='kind',
            field=models.CharField(choices=[('personal_number', 'Bổ sung số định danh cá nhân'), ('cancellation', 'Hủy bỏ việc đăng ký'), ('correction', 'Thay đổi, cải chính, bổ sung'), ('recognition', 'Nhận cha, mẹ, con'), ('reregistration', 'Đăng ký lại'), ('death', 'Khai tử'), ('marriage', 'Kết hôn'), ('divorce', 'Ly hôn, hủy việc kết hôn')], max_length=20, verbose_name='loại ghi chú'),
        ),
        migrations.AlterField(
            model_name='paper',
            name='kind',
            field=models.CharField(choices=[('original', 'Bản chính'), ('extract', 'Bản sao trích lục')], max_length=10, verbose_name='loại'),
        ),
        migrations.AlterField(
            model_name='party',
            name='role',
            field=models.CharField(choices=[('child', 'Người được khai sinh'), ('mother', 'Người mẹ'), ('father', 'Người cha'), ('declarant', 'Người đi khai'), ('deceased', 'Người chết'), ('husband', 'Bên nam'), ('wife', 'Bên nữ'), ('subject', 'Người được xác nhận'), ('ward', 'Người được giám hộ'), ('guardian', 'Người giám hộ')], max_length=12, verbose_name='vai'),
        ),
    ]
