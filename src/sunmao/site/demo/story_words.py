"""The words of the demonstration's made-up story, in the languages that its people would write them in."""

from __future__ import annotations

from sunmao.kernel.text import Texts

T = Texts.of

AGREEMENT = T(
    en="School agreement on the Sino-Uzbek telecommunication college", zh="中乌通信学院办学协议",
    ru="Соглашение об учреждении китайско-узбекского колледжа телекоммуникаций",
)  # fmt: skip
WORDING = T(
    en="The parties found, equip and run a telecommunication college at the host university in Tashkent.",
    zh="各方在塔什干的东道大学共同设立、装备和办好通信学院。",
    ru="Стороны учреждают, оснащают и ведут колледж телекоммуникаций при принимающем университете в Ташкенте.",
)
SUBJECT = T(en="telecommunication", zh="通信", ru="телекоммуникации")
ORIGINALS = T(
    en="Three sealed originals, one with each party", zh="盖章原件三份，各方各执一份", ru="Три подлинника с печатью, по одному у каждой стороны"
)  # fmt: skip
AMENDMENT = T(
    en="The college may also train technicians of railway communication.", zh="学院也可以培训铁路通信技术员。",
    ru="Колледж может обучать и техников железнодорожной связи.",
)  # fmt: skip

APPLICATION = T(
    en="To train with the members for the networks that it builds.", zh="与成员单位共同培养所建网络需要的人才。",
    ru="Готовить вместе с участниками кадры для сетей, которые она строит.",
)  # fmt: skip

# Key, promise, who owes it (nobody named: all), due in days from today.
CLAUSES = (
    ("college", T(en="Found a telecommunication college in Tashkent", zh="在塔什干设立通信学院",
                  ru="Учредить колледж телекоммуникаций в Ташкенте"), (), 39),
    ("rooms", T(en="Give rooms and a laboratory hall", zh="提供教室和实训室", ru="Предоставить аудитории и лабораторный зал"),
     ("tstu",), -145),
    ("stations", T(en="Equip two 5G practice stations", zh="配置两套 5G 实训站", ru="Оснастить две учебные станции 5G"),
     ("zte",), -53),
    ("teachers", T(en="Train six local teachers in Chongqing", zh="在重庆培训六名当地教师",
                   ru="Обучить в Чунцине шесть местных преподавателей"), ("cvie",), -22),
    ("mapping", T(en="Compare the programme with both standards, outcome by outcome", zh="将专业逐项与双方标准比对",
                  ru="Сопоставить программу с обоими стандартами по каждому результату"), ("cvie", "tstu"), 70),
    ("course", T(en="Hold a first short course for twelve technicians", zh="举办首期十二名技术员短训班",
                 ru="Провести первый краткий курс для двенадцати техников"), ("tstu",), -30),
    ("internships", T(en="Offer 20 internships a year", zh="每年提供 20 个实习岗位", ru="Предоставлять 20 мест практики в год"),
     ("zte",), 404),
    ("certificate", T(en="Award one joint training certificate", zh="颁发一种联合培训证书",
                      ru="Выдавать одно совместное свидетельство об обучении"), ("cvie", "tstu"), 221),
)  # fmt: skip

# Clause, who tells it, who confirms it (nobody yet where empty), told so many days ago, whether it is all, words.
FULFILLED = (
    ("college", "cvie", "tstu", 240, True, T(en="Filed and on record", zh="已备案并登记", ru="Зарегистрирован и внесён в реестр")),
    ("rooms", "tstu", "cvie", 190, True, T(en="620 m² in the main building handed over", zh="主楼 620 m² 已移交",
                                          ru="Передано 620 m² в главном корпусе")),
    ("stations", "zte", "tstu", 61, True, T(en="Two stations handed over and started up", zh="两套实训站已移交并调试",
                                           ru="Две станции переданы и запущены")),
    ("teachers", "cvie", "tstu", 38, False, T(en="Four of six teachers have completed", zh="六名教师中四名已结业",
                                             ru="Завершили четверо из шести преподавателей")),
    ("course", "tstu", "cvie", 52, True, T(en="Twelve technicians taught, eleven completed", zh="培训技术员十二名，十一名结业",
                                          ru="Обучены двенадцать техников, завершили одиннадцать")),
    ("certificate", "cvie", "", 40, True, T(en="The first certificates are signed by both", zh="首批证书已由双方签署",
                                           ru="Первые свидетельства подписаны обеими сторонами")),
)  # fmt: skip

BRINGS = {
    "cvie": T(en="Curriculum, training of teachers", zh="课程、教师进修", ru="Учебный план, подготовка преподавателей"),
    "zte": T(en="Equipment, internships", zh="设备、实习岗位", ru="Оборудование, места практики"),
    "tstu": T(en="Rooms, admission, student records", zh="场地、招生、学籍", ru="Помещения, приём, учёт студентов"),
}

# Stage: who proposes, days ago, fact, what shows it, who signs off (nobody yet where empty), days ago.
STAGES = (
    ("filing", "cvie", 255, T(en="Three parties; filed with the municipal education commission.", zh="签约方三家，已向市教育委员会备案。",
                              ru="Три стороны; подано в городскую комиссию по образованию."),
     T(en="Receipt of the filing", zh="备案回执", ru="Расписка о подаче"), "tstu", 249),
    ("site", "tstu", 200, T(en="620 m² in the main building: one laboratory, two classrooms.", zh="主楼 620 m²，一间实验室、两间教室。",
                            ru="620 m² в главном корпусе: лаборатория и две аудитории."),
     T(en="Act of handover of the rooms", zh="场地移交书", ru="Акт передачи помещений"), "cvie", 194),
    ("unveiling", "tstu", 66, T(en="Held in Tashkent, before the acceptance.", zh="在塔什干举行，先于验收。",
                                ru="Состоялось в Ташкенте, до приёмки."),
     T(en="Programme of the ceremony", zh="揭牌仪式日程", ru="Программа церемонии"), "cvie", 65),
    ("equipment", "tstu", 3, T(en="Nearly all pieces have arrived; two 5G practice stations are started up.",
                               zh="设备大部分到货，两套 5G 实训站已调试。", ru="Прибыло почти всё; две учебные станции 5G запущены."),
     T(en="Acts of handover of the equipment", zh="设备交接单", ru="Акты передачи оборудования"), "", 0),
)  # fmt: skip

UNDER_WAY = {
    "curriculum": T(
        en="Five of six outcomes are confirmed by both sides, one is argued about.",
        zh="六项学习成果中双方已确认五项，一项意见不一。",
        ru="Обе стороны подтвердили пять результатов из шести, об одном спорят.",
    ),
    "teachers": T(
        en="Four of six local teachers have completed the course in Chongqing.",
        zh="应有六名当地教师在重庆完成进修，已完成四名。",
        ru="Курс в Чунцине завершили четверо из шести местных преподавателей.",
    ),
}

# Name, pieces, customs code, received so many days ago (0: not yet), state it is in.
ITEMS = (
    (T(en="5G practice station", zh="5G 实训站", ru="Учебная станция 5G"), 2, "851761", 75, "in_use"),
    (T(en="Optical line terminal", zh="光线路终端", ru="Оптический линейный терминал"), 3, "851762", 75, "in_use"),
    (T(en="Router", zh="路由器", ru="Маршрутизатор"), 10, "851762", 40, "received"),
    (T(en="Fibre fusion splicer", zh="光纤熔接机", ru="Сварочный аппарат для волокна"), 4, "851580", 75, "down"),
    (T(en="Spectrum analyser", zh="频谱分析仪", ru="Анализатор спектра"), 1, "903084", 0, "transit"),
    (T(en="Optical power meter", zh="光功率计", ru="Измеритель оптической мощности"), 3, "903149", 0, "ordered"),
)  # fmt: skip

PROGRAMME = T(
    en="Modern communication technology, demonstration profile", zh="现代通信技术，演示标准", ru="Современные технологии связи, демонстрационный профиль"
)  # fmt: skip
STANDARD = T(
    ru="Техник связи, демонстрационный профиль", uz="Aloqa texnigi, namoyish profili", zh="通信技术员，演示标准", en="Telecommunication technician, demonstration profile"
)  # fmt: skip
UNITS = (
    (T(zh="网络建设", en="Building networks", ru="Строительство сетей"), T(uz="Tarmoq qurish", ru="Строительство сетей", en="Building networks")),
    (T(zh="网络运行", en="Running networks", ru="Эксплуатация сетей"), T(uz="Tarmoqni ishlatish", ru="Эксплуатация сетей", en="Running networks")),
)  # fmt: skip

# Kind, critical, unit, the Chinese side's outcome, the Uzbek side's, how they correspond.
OUTCOMES = (
    ("skill", True, 1, T(zh="安装并调测 5G 基站", en="Install and commission a 5G base station", ru="Устанавливать и вводить в строй базовую станцию 5G"),
     T(uz="Bazaviy stansiyani oʻrnatish va ishga tushirish", ru="Монтировать и запускать базовую станцию", en="Mount and start up a base station"), "exact"),
    ("skill", True, 1, T(zh="熔接光纤并测试光缆线路", en="Splice optical fibre and test the cable line", ru="Сваривать оптическое волокно и проверять линию"),
     T(uz="Optik tolani payvandlash va liniyani oʻlchash", ru="Сваривать оптическое волокно и измерять линию", en="Splice optical fibre and measure the line"), "exact"),
    ("skill", False, 1, T(zh="配置接入网和传输设备", en="Configure access and transport equipment", ru="Настраивать оборудование доступа и передачи"),
     T(uz="Abonent kirish uskunalarini sozlash", ru="Настраивать оборудование абонентского доступа", en="Configure subscriber access equipment"), "target_narrower"),
    ("skill", True, 2, T(zh="根据告警判断并排除网络故障", en="Find and clear network faults from their alarms", ru="Находить и устранять неисправности сети по сигналам"),
     T(uz="Tarmoqdagi nosozliklarni topish va bartaraf etish", ru="Находить и устранять неисправности сети", en="Find and clear faults in the network"), "exact"),
    ("knowledge", False, 2, T(zh="说明蜂窝网络的结构和主要接口", en="Explain the structure and main interfaces of a cellular network", ru="Объяснять устройство и основные интерфейсы сотовой сети"),
     T(uz="Mobil aloqa tarmogʻi tuzilishini tushuntirish", ru="Объяснять устройство сети мобильной связи", en="Explain how a mobile network is built"), "exact"),
    ("responsibility", False, 2, T(zh="按规程保障作业现场安全", en="Keep a work site safe by the rules", ru="Обеспечивать безопасность на рабочем месте по правилам"),
     T(uz="Balandlikda ishlash va elektr xavfsizligi qoidalariga rioya qilish", ru="Соблюдать правила работы на высоте и электробезопасности", en="Keep the rules for work at heights and electrical safety"), "exact"),
)  # fmt: skip

TEACHERS = T(en="Course for teachers, Chongqing", zh="教师进修班，重庆", ru="Курс для преподавателей, Чунцин")
TRAINEES = T(
    en="First short course for technicians, Tashkent",
    zh="首期技术员短训班，塔什干",
    ru="Первый краткий курс для техников, Ташкент",
)
TOPICS = (
    T(en="Base stations", zh="基站", ru="Базовые станции"), T(en="Optical fibre", zh="光纤", ru="Оптическое волокно"),
    T(en="Access equipment", zh="接入设备", ru="Оборудование доступа"), T(en="Alarms and faults", zh="告警与故障", ru="Сигналы и неисправности"),
    T(en="Safety", zh="安全", ru="Безопасность"),
)  # fmt: skip
TEACHER_NAMES = (
    ("Aziz", "Азиз"), ("Feruza", "Феруза"), ("Ibrohim", "Иброхим"), ("Lola", "Лола"), ("Otabek", "Отабек"), ("Sevara", "Севара"),
)  # fmt: skip
TRAINEE_NAMES = (
    ("Bobur", "Бобур"), ("Aziza", "Азиза"), ("Dilshod", "Дилшод"), ("Gulnora", "Гулнора"), ("Jasur", "Жасур"), ("Kamola", "Камола"),
    ("Laziz", "Лазиз"), ("Malika", "Малика"), ("Ozoda", "Озода"), ("Sardor", "Сардор"), ("Temur", "Темур"), ("Zilola", "Зилола"),
)  # fmt: skip

AWARD = T(
    en="Telecommunication technician, joint training certificate", zh="通信技术员联合培训证书", ru="Техник связи, совместное свидетельство об обучении"
)  # fmt: skip
CRITERIA = T(
    en="Every critical outcome passed, at least 80 % attended", zh="关键学习成果全部通过，出勤率不低于 80%",
    ru="Освоены все ключевые результаты, посещено не менее 80 %",
)  # fmt: skip
EMPLOYER_SAYS = "招聘通信技术员时，我们认可持此证书者所学。 We know what its holders can do and interview them for our installation teams."
AUTHORITY_SAYS = "Университет ведёт практическое обучение по этой программе под нашим надзором."
ORDER = T(
    en="Order on the recognition of telecommunication training (made up)", zh="关于认可通信培训的命令（虚构）", ru="Приказ о признании обучения связи (вымышленный)"
)  # fmt: skip
REASONS = T(
    en="All critical outcomes are covered; what is missing lies within what the order allows.",
    zh="关键学习成果均已覆盖；所缺部分在命令允许的范围之内。",
    ru="Все ключевые результаты освоены; недостающее не превышает допускаемого приказом.",
)
APPLICANT = T(en="Zhang Wei Example", zh="张伟（示例）", ru="Чжан Вэй Пример")
QUERY = "Made up: is the diploma yours, and was it awarded on this day?"
SUPPLEMENT = "Made up: the list of results, too"
