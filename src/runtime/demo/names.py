"""Names in three languages, from a seed: people's are mimesis', firms' are put together here, so that none is real."""

from __future__ import annotations

from mimesis import Person
from mimesis.locales import Locale

_LOCALES = {"en": Locale.EN_GB, "pl": Locale.PL, "ja": Locale.JA}
# mimesis' `company()` gives the names of real firms.
_PLACES = {
    "en": "Thistledown Quillmoor Ottersby Hazelwick Larkholm Bramblegate Foxhythe Wrenfold Mistlebury Emberlow "
    "Dapplecombe Rookhaven Silverpike Tansywell Cloverfen Moonhurst Pebblewick Harrowmere Nettlebrook Ploverton "
    "Gorseley Wicketham Sablecroft Teasleford",
    "pl": "Mgławice Zorzynek Wrzosolas Borsucza Krukowisko Jarzębnik Lisiowo Sowipole Brzozdroga Mchowina Żurawiniec "
    "Pliszkowo Szronowice Dębogaj Rosistok Iskrzynów Paprotnia Czaplin Kminkowo Bursztynka",
    "ja": "霧ヶ浜 月見坂 狐森 白露町 鈴鳴 星待 雲雀野 風招 木霊谷 茜橋 夢路 水鏡 蛍池 朝凪 雪兎 竹風堂 花筏 千歩 空豆"
    " 小夜里",
}
_TRADES = {
    "en": "Software,Ledgers,Outfitters,Academy,Clinics,Instruments,Freight,Print,Analytics,Kitchens,Studio,Insurance,"
    "Garden Supplies,Paper,Robotics,Travel,Fabrics,Acoustics,Energy,Tiles,Archives,Logistics,Toys,Optics",
    "pl": "Oprogramowanie,Finanse,Hurtownia,Szkoły,Kliniki,Przyrządy,Spedycja,Druk,Meble,Studio,Ogrody,Papier,"
    "Podróże,Tkaniny,Energia,Ceramika,Optyka,Zabawki,Logistyka,Archiwa",
    "ja": "製作所,商会,学園,医療,ソフト,計器,運輸,印刷,工房,庭園,製紙,旅行,織物,音響,電力,陶器,光学,玩具,倉庫,文庫",
}


class Names:
    """The n-th name asked for is always the same."""

    def __init__(self, seed: int) -> None:
        self._people = {language: Person(locale, seed=seed) for language, locale in _LOCALES.items()}
        self._firms = dict.fromkeys(_LOCALES, seed)

    def person(self, language: str) -> tuple[str, str]:
        """First and last name."""
        people = self._people[language]
        return people.first_name(), people.last_name()

    def company(self, language: str) -> str:
        """A place and a trade; each pair once, before any comes again."""
        places, trades = _PLACES[language].split(), _TRADES[language].split(",")
        n = self._firms[language]
        self._firms[language] += 1
        row, column = n % len(places), (n + n // len(places)) % len(trades)
        return f"{places[row]}{'' if language == 'ja' else ' '}{trades[column]}"
