"""Two spellings of a name are held side by side by the ways of writing that people of five languages meet."""

import pytest

from sunmao.recognition.spelling import Verdict, Way, compare

# The names are made up of common parts; none is of a known person.
PAIRS = [
    # the same letters
    ("Karimov Aziz", "KARIMOV<<AZIZ", "same", "letters"),
    ("Jean-Pierre Lefèvre", "JEAN PIERRE LEFEVRE", "same", "accents"),
    ("Nguyễn Văn An", "NGUYEN VAN AN", "same", "accents"),
    ("Jean-Pierre Lefevre", "JEANPIERRE LEFEVRE", "same", "joined"),
    # passports, ICAO 9303
    ("Jürgen Müller", "JUERGEN MUELLER", "possible", "passport"),
    ("Søren Ågård", "SOEREN AAGAARD", "possible", "passport"),
    ("Андрей Подъячев", "PODIEIACHEV ANDREI", "possible", "order passport"),
    ("Юлия Щербакова", "IULIIA SHCHERBAKOVA", "possible", "passport"),
    # Chinese
    ("张伟", "ZHANG WEI", "possible", "pinyin"),
    ("张伟", "Wei Zhang", "possible", "pinyin order"),
    ("李小明", "LI XIAOMING", "possible", "pinyin"),
    ("李小明", "Lǐ Xiǎo-Míng", "possible", "accents pinyin"),
    ("歐陽娜", "OUYANG NA", "possible", "pinyin"),
    ("吕丽", "LYU LI", "possible", "pinyin"),
    ("吕丽", "LV LI", "possible", "pinyin"),
    ("单雪", "SHAN XUE", "possible", "pinyin"),
    ("曾强", "ZENG QIANG", "possible", "pinyin"),
    ("张三", "Чжан Сань", "possible", "pinyin palladius"),
    ("张三", "Chzhan San", "possible", "pinyin palladius"),
    ("Zhang San", "Чжан Сань", "possible", "palladius"),
    ("王小红", "Ван Сяохун", "possible", "pinyin palladius"),
    ("ZHANG SAN", "Chzhan San", "possible", "palladius"),
    ("LYU LI", "LV LI", "possible", "pinyin"),
    ("張偉", "张伟", "same", "letters"),
    ("张伟", "张维", "different", ""),
    ("张伟", "ZHANG LI", "different", ""),
    ("李小明", "LI XIAOHONG", "different", ""),
    # Russian
    ("Алексей Иванов", "ALEKSEI IVANOV", "possible", "passport"),
    ("Алексей Иванов", "Ivanov Alexey", "possible", "cyrillic systems order"),
    ("Дмитрий Юсупов", "DMITRY YUSUPOV", "possible", "cyrillic systems"),
    ("Dmitrii Iusupov", "Dmitry Yusupov", "possible", "systems"),
    ("Наталья Чернышёва", "Natalia Chernysheva", "possible", "passport"),
    ("Иванов Алексей Петрович", "IVANOV ALEKSEI", "possible", "passport father"),
    ("Иван Петров", "Pyotr Ivanov", "different", ""),
    ("Александра Ким", "Alexander Kim", "different", ""),
    # Uzbek, both alphabets
    ("Oʻtkir Gʻulomov", "Ўткир Ғуломов", "possible", "cyrillic uzbek"),
    ("O‘tkir G‘ulomov", "OTKIR GULOMOV", "possible", "uzbek"),
    ("O'tkir Rahimov", "UTKIR RAKHIMOV", "possible", "systems uzbek"),
    ("Xurshid Joʻrayev", "Хуршид Жўраев", "possible", "cyrillic uzbek"),
    ("Шерзод Қодиров", "SHERZOD QODIROV", "possible", "cyrillic uzbek"),
    ("Karimov Aziz Baxtiyor oʻgʻli", "Karimov Aziz Bakhtiyorovich", "possible", "systems uzbek father_form"),
    ("Karimova Nilufar Anvar qizi", "KARIMOVA NILUFAR", "possible", "father"),
    ("Karimov Aziz Baxtiyor oʻgʻli", "Karimov Aziz Rustamovich", "different", ""),
    # French
    ("Тимур Шарипов", "Timour Charipov", "possible", "cyrillic"),
    ("Чингиз Ибрагимов", "Tchinguiz Ibragimov", "different", ""),
    # Arabic
    ("محمد أحمد", "Mohamed Ahmed", "possible", "arabic"),
    ("محمد أحمد", "MUHAMMAD AHMAD", "possible", "arabic"),
    ("يوسف الخطيب", "Youssef Al-Khatib", "possible", "arabic"),
    ("عبد الرحمن صالح", "Abdul Rahman Saleh", "possible", "arabic"),
    ("محمد أحمد", "Khalid Mansour", "different", ""),
    # parts that only one side has
    ("Aziz Karimov", "A. Karimov", "partly", "initial"),
    ("Maria Garcia Lopez", "Maria Garcia", "partly", "further"),
    ("Karimov", "Aziz Karimov", "different", ""),
    ("Zhang Wei", "Li Na", "different", ""),
    ("", "Aziz Karimov", "different", ""),
]


@pytest.mark.parametrize(("one", "other", "verdict", "ways"), PAIRS)
def test_two_spellings_are_judged_by_the_ways_that_make_one_of_the_other(one, other, verdict, ways):
    found = compare(one, other)
    assert (found.verdict, set(found.ways)) == (Verdict(verdict), {Way(way) for way in ways.split()})


@pytest.mark.parametrize(("one", "other", "verdict", "_ways"), PAIRS)
def test_which_of_two_spellings_comes_first_changes_no_verdict(one, other, verdict, _ways):
    assert compare(other, one).verdict == Verdict(verdict)
