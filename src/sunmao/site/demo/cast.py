"""The made-up people of the demonstration: one per role, at institutions where the role fits. All are marked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sunmao.directory import actions as directory
from sunmao.directory.models import Organisation
from sunmao.kernel.text import Texts
from sunmao.people.models import User
from sunmao.site import signins
from sunmao.site.demo.world import World, texts


@dataclass(frozen=True)
class Part:
    """Who plays what: the key stories know the account by, names, role, and the key of the institution."""

    key: str
    email: str
    names: dict[str, str]
    role: str
    at: str


CAST = (
    Part("secretariat", "secretariat@demo.example", {"en": "Lin Example", "zh": "林示例", "ru": "Линь Пример"},
         "secretariat", "register"),
    Part("officer-cvie", "officer.cvie@demo.example", {"en": "Chen Example", "zh": "陈示例", "ru": "Чэнь Пример"},
         "officer", "cvie"),
    Part("officer-tstu", "officer.tstu@demo.example", {"en": "Alisher Example", "ru": "Алишер Пример"},
         "officer", "tstu"),
    Part("officer-zte", "partner.zte@demo.example", {"en": "Zhao Example", "zh": "赵示例", "ru": "Чжао Пример"},
         "officer", "zte"),
    Part("director", "director@demo.example", {"en": "Dilnoza Example", "ru": "Дильноза Пример"}, "director", "tstu"),
    Part("teacher", "teacher@demo.example", {"en": "Rustam Example", "ru": "Рустам Пример"}, "teacher", "tstu"),
    Part("authority-uz", "authority.uz@demo.example", {"en": "Nodira Example", "ru": "Нодира Пример"},
         "authority", "uz-ministry"),
    Part("authority-uz-second", "authority2.uz@demo.example", {"en": "Karim Example", "ru": "Карим Пример"},
         "authority", "uz-ministry"),
    Part("authority-cn", "authority.cn@demo.example", {"en": "Wu Example", "zh": "吴示例", "ru": "У Пример"},
         "authority", "cn-moe"),
    Part("auditor", "auditor@demo.example", {"en": "Anna Example", "ru": "Анна Пример"}, "auditor", "register"),
    Part("learner", "learner@demo.example", {"en": "Bobur Example", "ru": "Бобур Пример"}, "learner", "tstu"),
)  # fmt: skip


def _places(world: World) -> None:
    """Add the two bodies the cast needs and the facts do not name: the office that keeps this register, made up and
    marked so, and the ministry that recognises qualifications in Uzbekistan."""
    office = Organisation(
        title=texts(
            {
                "en": "Secretariat of the demonstration register",
                "zh": "演示登记册秘书处",
                "ru": "Секретариат демонстрационного реестра",
            }
        ),
        kind="authority",
        demo=True,
    )
    ministry = Organisation(
        title=texts(
            {
                "uz": "Oʻzbekiston Respublikasi Oliy taʼlim, fan va innovatsiyalar vazirligi",
                "ru": "Министерство высшего образования, науки и инноваций Республики Узбекистан",
                "en": "Ministry of Higher Education, Science and Innovation of the Republic of Uzbekistan",
                "zh": "乌兹别克斯坦共和国高等教育、科学与创新部",
            },
            translated=("en", "zh"),
        ),
        kind="authority",
        country="UZ",
        city="Tashkent",
    )
    world.organisations["register"] = directory.keep(office, by=world.by)
    world.organisations["uz-ministry"] = directory.keep(ministry, by=world.by)


def cast(world: World) -> None:
    """Invite the cast with a second factor each, and keep how they sign in where only the owner reads it."""
    _places(world)
    password = secrets.token_urlsafe(12)
    rows = []
    for part in CAST:
        place = world.organisations[part.at]
        rows.append(signins.invite(part.email, Texts.of(part.names), place, part.role, password=password, by=world.by))
        world.cast[part.key] = User.objects.get(email=part.email)
    world.sign_ins = rows
