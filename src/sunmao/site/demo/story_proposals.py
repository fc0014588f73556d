"""Two more made-up profiles, Chinese and Uzbek, laid side by side: what the machine proposes waits to be judged."""

from __future__ import annotations

from typing import Any

from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.site.demo.telling import Story
from sunmao.standards import actions
from sunmao.standards.models import Crosswalk, Outcome, Programme, ProgrammeKind, ProgrammeVersion, Unit

T = Texts.of
CHINESE = T(
    en="Inspection and repair of new energy vehicles, demonstration profile", zh="新能源汽车检测与维修，演示标准",
    ru="Диагностика и ремонт электромобилей, демонстрационный профиль",
)  # fmt: skip
UZBEK = T(
    uz="Elektromobil texnigi, namoyish profili", zh="电动汽车技术员，演示标准", ru="Техник по электромобилям, демонстрационный профиль",
    en="Electric vehicle technician, demonstration profile",
)  # fmt: skip
# Unit: its name on either side; then kind, critical, text.
HOME = (
    (T(en="Vehicle and battery", zh="整车与电池", ru="Автомобиль и батарея"), (
        ("skill", True, T(en="Switch off a high-voltage system safely and make sure that it is dead", zh="安全断开高压系统并确认无电", ru="Безопасно отключать высоковольтную систему и убеждаться в отсутствии напряжения")),
        ("skill", True, T(en="Test, remove and fit a traction battery", zh="检测、拆装动力电池", ru="Проверять, снимать и устанавливать тяговую батарею")),
        ("knowledge", False, T(en="Explain how the drive motor and its control unit work", zh="说明驱动电机及其控制器的工作原理", ru="Объяснять работу тягового двигателя и его блока управления")),
        ("skill", False, T(en="Service brakes, steering and chassis", zh="保养制动、转向和底盘", ru="Обслуживать тормоза, рулевое управление и шасси")),
    )),
    (T(en="Diagnosis and service", zh="诊断与服务", ru="Диагностика и сервис"), (
        ("skill", True, T(en="Read fault codes and find faults with diagnostic equipment", zh="用诊断设备读取故障码并查找故障", ru="Считывать коды неисправностей и находить их диагностическим оборудованием")),
        ("skill", False, T(en="Install and repair charging equipment", zh="安装和维修充电设备", ru="Монтировать и ремонтировать зарядное оборудование")),
        ("skill", False, T(en="Explain repairs to customers and write the repair order", zh="向客户说明维修项目并填写派工单", ru="Объяснять клиентам ремонт и оформлять заказ-наряд")),
        ("responsibility", False, T(en="Sort and hand over waste oil and used batteries by the rules", zh="按规定分类、移交废油和废旧电池", ru="Сортировать и сдавать отработанное масло и батареи по правилам")),
    )),
)  # fmt: skip
HOST = (
    (T(uz="Elektr xavfsizligi", ru="Электробезопасность", en="Electrical safety"), (
        ("responsibility", True, T(uz="Yuqori kuchlanishli tizimni xavfsiz oʻchirish", ru="Безопасно отключать высоковольтную систему", en="Switch off the high-voltage system safely")),
        ("skill", True, T(uz="Tortish batareyasini almashtirish", ru="Заменять тяговую батарею", en="Replace the traction battery")),
        ("responsibility", False, T(uz="Ishlatilgan batareyalarni topshirish", ru="Сдавать использованные батареи на утилизацию", en="Hand over used batteries for recycling")),
    )),
    (T(uz="Diagnostika va taʼmirlash", ru="Диагностика и ремонт", en="Diagnosis and repair"), (
        ("skill", True, T(uz="Diagnostika uskunasi bilan nosozlikni topish", ru="Находить неисправности диагностическим оборудованием", en="Find faults with diagnostic equipment")),
        ("skill", False, T(uz="Tormoz tizimiga xizmat koʻrsatish", ru="Обслуживать тормозную систему", en="Service the brake system")),
        ("skill", False, T(uz="Zaryadlash stansiyasini ulash", ru="Подключать зарядную станцию", en="Connect a charging station")),
        ("knowledge", False, T(uz="Elektr dvigatel tuzilishini tushuntirish", ru="Объяснять устройство электродвигателя", en="Explain how an electric motor is built")),
        ("skill", False, T(uz="Konditsionerni tekshirish", ru="Проверять кондиционер", en="Check the air conditioning")),
    )),
)  # fmt: skip


def proposals(told: Story) -> None:
    """Publish both profiles and let the machine propose; the college has judged the first, the rest waits."""
    cvie, ministry = told.officer("cvie"), told.actor("authority-uz")
    places = told.world.organisations
    with told.on(30):
        home = _profile(Programme(title=CHINESE, owner=places["cvie"], country="CN"), HOME, cvie)
        host = _profile(
            Programme(
                title=UZBEK, kind=ProgrammeKind.OCCUPATIONAL, owner=places["tstu"], authority=places["uz-ministry"],
                country="UZ",
            ),
            HOST, ministry,
        )  # fmt: skip
    with told.on(6):
        crosswalk = changes.save(Crosswalk(source=home, target=host, demo=True), by=cvie)
        actions.align(crosswalk, by=cvie)
    with told.on(5):
        row = crosswalk.rows.filter(source__number="1.1").order_by("-certainty").first()
        if row is not None:
            actions.confirm(
                row, relation="target_narrower", note="ours also asks for the check that it is dead", by=cvie
            )


def _profile(programme: Programme, units: Any, by: Any) -> ProgrammeVersion:
    programme.field, programme.demo = "0716", True
    changes.save(programme, by=by)
    version = changes.save(ProgrammeVersion(programme=programme, label="2026"), by=by)
    for number, (title, outcomes) in enumerate(units, 1):
        unit = changes.save(Unit(version=version, number=number, title=title), by=by)
        for place, (kind, critical, text) in enumerate(outcomes, 1):
            outcome = Outcome(
                version=version, unit=unit, number=f"{number}.{place}", title=text, kind=kind, critical=critical
            )
            changes.save(outcome, by=by)
    return actions.publish(version, by=by)
