"""Reading e-mails: headers, alphabets, texts, attachments, signatures, and what machines write."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadloop.capture.contracts import Code, PortalKind, Unreadable
from leadloop.capture.mailbox.key import key_of
from leadloop.capture.parse.body import BodyError
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.mail.charsets import decoded
from leadloop.capture.parse.mail.html import to_text
from leadloop.capture.parse.mail.letter import read_letter
from leadloop.capture.parse.mail.opening import Opened, opened
from leadloop.capture.parse.mail.reply import last_reply
from leadloop.capture.parse.mail.returned import bounce, complaint
from leadloop.capture.parse.mail.signature import signed
from leadloop.capture.parse.mail.verdict import NOT_OURS, Ours, verdict
from leadloop.capture.tests.conftest import a_portal, claimed
from leadloop.capture.tests.letters import complaint as complained
from leadloop.capture.tests.letters import letter, report
from leadloop.outreach.contracts import Return

MAIL = a_portal(kind=PortalKind.MAIL)
# What the sender wrote, of each of the 22 messages; of long ones how it begins and ends.
REPLIES = {
    "correct_sig": ("this is an email with a correct -- signature.",) * 2,
    "email_1_1": ("Hi folks", "I am currently using the Java HTTP API."),
    "email_1_2": ("Hi,", 'you’ll need to delete them all individually."'),
    "email_1_3": ("Oh thanks.", "Having the function would be great."),
    "email_1_4": ("Awesome! I haven't had another problem with it.",) * 2,
    "email_1_5": ("One: Here's what I've got.", "for a while."),
    "email_1_6": ("I get proper rendering as well.",) * 2,
    "email_1_7": (":+1:",) * 2,
    "email_1_8": ("On Tue, Apr 29, 2014", "and under this."),
    "email_2_1": ("Outlook with a reply",) * 2,
    "email_2_2": ("Outlook with a reply directly above line",) * 2,
    "email_2_3": ("Outlook with a reply directly above line",) * 2,
    "email_BlackBerry": ("Here is another email",) * 2,
    "email_bullets": ("test 2 this should list second", "- and another"),
    "email_iPhone": ("Here is another email",) * 2,
    "email_long_quote": ("Hi folks", "I am currently using the Java HTTP API."),
    "email_multi_word_sent_from_my_mobile_device": ("Here is another email",) * 2,
    "email_one_is_not_on": ("Thank, this is really helpful.", "Locally (on development), when I run..."),
    "email_sent_from_my_not_signature": (
        "Here is another email",
        "Sent from my desk, is much easier then my mobile phone.",
    ),
    "email_sig_delimiter_in_middle_of_line": ("Hi there!", "kthxbai"),
    "greedy_on": ("On your remote host you can run:", "fails, the tunnel is not working."),
    "pathological": ("I think you're onto something.", "get back to a computer."),
}
INLINE = {"email_1_2", "email_1_8", "email_long_quote"}  # answers among quotes keep them


def unpacked(archive: Path, into: Path) -> list[Path]:
    shutil.unpack_archive(archive, into)
    return sorted(into.rglob("*.txt"))


def said(raw: bytes, **context: str) -> dict[Field, str]:
    found = opened(claimed(raw, MAIL, content_type="message/rfc822", context=context), NOT_OURS)
    assert isinstance(found, Opened)
    return dict(found.values)


def test_the_last_reply_is_found_in_all_22_messages(data: Path, tmp_path: Path) -> None:
    files = unpacked(data / "emails_reply_parser" / "email_reply_parser.tar.xz", tmp_path)
    assert {one.stem for one in files} == REPLIES.keys()
    wrong = []
    for one in files:
        text = last_reply(one.read_text("utf-8")).text
        begins, ends = REPLIES[one.stem]
        quotes = any(row.startswith(">") for row in text.splitlines())
        if not (text.startswith(begins) and text.endswith(ends) and quotes == (one.stem in INLINE)):
            wrong.append((one.stem, text[:60], text[-60:]))
    assert wrong == []


@pytest.mark.parametrize(
    ("head", "below"),
    [
        ("Am 2. März 2026 um 10:00 schrieb Kim Maurer <kim@x.example>:", "> Wann?"),
        ("Le lun. 2 mars 2026 à 10:00, Kim <kim@x.example> a écrit :", "> Quand ?"),
        ("El lun, 2 mar 2026 a las 10:00, Kim (<kim@x.example>) escribió:", "> ¿Cuándo?"),
        ("-----Ursprüngliche Nachricht-----", "Von: Kim\nGesendet: Montag\nAn: Dana\nBetreff: Wann"),
        ("________________________________", "Von: Kim <kim@x.example>\nGesendet: Montag\nAn: Dana\n\nWann?"),
        ("*Von:* Kim", "*Gesendet:* Montag\n*An:* Dana\n\nWann?"),
    ],
)
def test_quotes_are_known_in_several_languages(head: str, below: str) -> None:
    assert last_reply(f"Morgen um zehn.\n\n{head}\n{below}\n").text == "Morgen um zehn."


def test_an_answer_below_the_quote_is_the_answer() -> None:
    assert last_reply("On Monday Kim wrote:\n> When?\n> Kim\n\nAt ten.\n").text == "At ten."


@given(st.text(st.characters(codec="utf-8"), max_size=400))
@example("On a\n> b\n-- \n")
def test_reading_a_reply_invents_nothing(text: str) -> None:
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = {row.rstrip() for row in rows} | {""}
    assert set(last_reply(text).text.split("\n")) <= {one.strip("\n") for one in kept} | kept


SIGNED = """Two pumps, please.

Mit freundlichen Grüßen
Dana Ruiz
Leiterin Einkauf
Acme Pumps GmbH & Co. KG | Hauptstr. 5 | 80331 München
Tel.: +49 89 123456-0 | Mobil: +49 171 1234567
Fax: +49 89 123456-9
www.acme.example
dana@acme.example
"""


def test_a_signature_tells_who_it_is() -> None:
    reply = last_reply(SIGNED)
    assert reply.text == "Two pumps, please."
    told = signed(reply.signature, sender="Dana Ruiz", domain="acme.example")
    assert told == {
        Field.FULL_NAME: "Dana Ruiz",
        Field.TITLE: "Leiterin Einkauf",
        Field.COMPANY: "Acme Pumps GmbH & Co. KG",
        Field.PHONE: "+49 89 123456-0",
        Field.MOBILE: "+49 171 1234567",
        Field.IGNORE: "+49 89 123456-9",
        Field.WEBSITE: "www.acme.example",
    }


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["Best", "Bo Lind | Head of Sales | Nordlys AS"], Field.TITLE, "Head of Sales"),
        (["Alder & Finch"], Field.COMPANY, "Alder & Finch"),
        (["M +44 7700 900123"], Field.MOBILE, "+44 7700 900123"),
        (["linkedin.com/in/dana"], Field.SOCIAL, "linkedin.com/in/dana"),
        (["80331 München, Hauptstr. 5"], Field.PHONE, None),
        (["Registergericht München HRB 1234567"], Field.PHONE, None),
    ],
)
def test_signatures_in_other_shapes(lines: list[str], field: Field, value: str | None) -> None:
    assert signed(lines, sender="Bo Lind", domain="alder-finch.example").get(field) == value


@pytest.mark.parametrize(
    ("raw", "said_as", "meant"),
    [
        ("Grüße €".encode(), "utf-8", "Grüße €"),
        ("Grüße".encode("cp1252"), "iso-8859-1", "Grüße"),
        ("400 €".encode("cp1252"), "iso-8859-1", "400 €"),  # said is Latin 1, meant is Windows
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("Grüße".encode(), "no-such-alphabet", "Grüße"),
        ("Grüße".encode(), "", "Grüße"),
        ("水泵".encode("gb18030"), "gb2312", "水泵"),
        ("насос".encode("koi8-r"), "koi8-r", "насос"),
        (b"eJxLTEoGAAJNASc=", "zip", "eJxLTEoGAAJNASc="),  # a codec that is no alphabet
        (b"abc", "unicode_escape", "abc"),
        (b"\xef\xbb\xbfabc", "utf-8", "abc"),
    ],
)
def test_alphabets_are_read_as_they_are_meant(raw: bytes, said_as: str, meant: str) -> None:
    assert decoded(raw, said_as) == meant


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?Two_pumps=0D=0ABcc:_eve=40evil.example?=",
        "=?utf-8?b?VHdvIHB1bXBzDQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
        "Two pumps%0d%0aBcc: eve@evil.example",
    ],
)
def test_no_header_is_smuggled_in(subject: str) -> None:
    raw = f"From: =?utf-8?q?Dana=0ATo:_x?= <dana@acme.example>\r\nSubject: {subject}\r\n\r\nHello\r\n".encode()
    values = said(raw)
    assert values[Field.MESSAGE] == "Two pumps\n\nHello"
    assert values[Field.FULL_NAME] == "Dana"
    assert values[Field.EMAIL] == "dana@acme.example"


def test_a_comma_in_an_encoded_name_adds_no_address() -> None:
    raw = b"From: =?utf-8?q?Ruiz=2C_Dana?= <dana@acme.example>\r\nSubject: Hello\r\n\r\nHello\r\n"
    assert (said(raw)[Field.FULL_NAME], said(raw)[Field.EMAIL]) == ("Dana Ruiz", "dana@acme.example")


def test_attachments_are_listed_with_their_size_and_stay_in_the_letter() -> None:
    made = letter("Please find the plan attached.")
    made.add_attachment(b"x" * 2_600_000, maintype="application", subtype="pdf", filename="../../plan.pdf")
    made.add_attachment("a note", filename="note.txt")
    made.add_attachment(letter("older"))
    raw = made.as_bytes()
    assert said(raw)[Field.MESSAGE].endswith("Attached: plan.pdf (2.5 MB), note.txt (1 kB), message (1 kB)")
    assert "a note" not in said(raw)[Field.MESSAGE].partition("Attached")[0]


def test_no_more_attachments_are_listed_than_anybody_reads() -> None:
    made = letter()
    for number in range(30):
        made.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    assert len(read_letter(made.as_bytes()).attachments) == 20


def test_a_message_too_large_says_where_the_rest_is() -> None:
    raw = letter().as_bytes()[:400]
    assert (
        "The whole message (31.0 MB) is in the mailbox" in said(raw, way="", cut=str(31 * 1024 * 1024))[Field.MESSAGE]
    )


def test_html_alone_is_read_as_text() -> None:
    html = (
        "<html><head><title>T</title><style>p{}</style></head><body><p>Two&nbsp;pumps &amp; more<br>please</p>"
        "<ul><li>one<li>two</ul><script>alert(1)</script><blockquote>old<blockquote>older</blockquote></blockquote>"
    )
    assert to_text(html) == "Two pumps & more\nplease\n- one\n- two\n> old\n>> older"
    raw = (
        "From: dana@acme.example\r\nSubject: Hello\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html
    ).encode()
    assert said(raw)[Field.MESSAGE] == "Hello\n\nTwo pumps & more\nplease\n- one\n- two"


def test_a_form_that_writes_for_somebody_is_answered_where_they_ask() -> None:
    made = letter(sender="Website <wordpress@shop.example>", Reply_To="Dana Ruiz <dana@acme.example>")
    assert (said(made.as_bytes())[Field.EMAIL], said(made.as_bytes())[Field.FULL_NAME]) == (
        "dana@acme.example",
        "Dana Ruiz",
    )
    person = letter(Reply_To="purchasing@acme.example")
    assert said(person.as_bytes())[Field.EMAIL] == "dana@acme.example"
    found = opened(claimed(person.as_bytes(), MAIL), NOT_OURS)
    assert isinstance(found, Opened)
    assert found.extra == {"Reply to": "purchasing@acme.example"}


def test_no_letter_is_said_so() -> None:
    for raw in (b"", b"\r\n\r\n", b"\x00\x01\x02", b"just words"):
        with pytest.raises(BodyError):
            read_letter(raw)


@given(st.binary(max_size=600))
@example(b"From: =?utf-8?b?/w==?= <a@b.example>\nSubject: =?x?q?=\n\n")
@example(b"From: a@b.example\nContent-Type: multipart/mixed; boundary=\n\n--\n")
@example(b"Date: Mon, 99 Xxx 2026\nFrom: <<>>,@\nReferences: <\n\n")
def test_whatever_comes_is_read_or_refused(raw: bytes) -> None:
    try:
        read = read_letter(b"From: a@b.example\r\nSubject: x\r\n" + raw)
    except BodyError:
        return
    bounce(read)
    complaint(read)
    verdict(read, NOT_OURS)
    last_reply(read.text)


def test_parts_within_parts_come_to_an_end() -> None:
    deep = "From: a@b.example\nSubject: x\n"
    for number in range(3000):
        deep += f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n"
    try:
        read_letter(deep.encode())
    except BodyError as error:
        assert error.code is Code.TOO_DEEP  # noqa: PT017 - it may also be read


def test_113_of_117_bounces_are_known_and_none_becomes_an_inquiry_that_is_none(data: Path, tmp_path: Path) -> None:
    files = unpacked(data / "bounces_flufl" / "flufl_bounce_test_data.tar.xz", tmp_path)
    found: Counter[str] = Counter()
    people = []
    for one in files:
        read = read_letter(one.read_bytes())
        report_ = bounce(read)
        code = "bounce" if report_ else str(verdict(read, NOT_OURS).outcome or "inquiry")
        found[code] += 1
        if code == "inquiry":
            people.append(one.stem)
    # Of the four others three are an autoresponder and two machines that name no address; one a person wrote.
    assert found == {"bounce": 113, "bulk_mail": 2, "automatic_reply": 1, "inquiry": 1}
    assert people == ["groupwise_03"]


def test_a_report_says_which_message_came_back_and_why() -> None:
    sent = "<m17.0123456789abcdef0123@alder-finch.example>"
    told = bounce(read_letter(report(sent, "dana@acme.example")))
    assert told
    assert (told.kind, told.message_id, told.recipients, told.status) == (
        Return.HARD,
        sent,
        ("dana@acme.example",),
        "5.1.1",
    )
    arf = complaint(read_letter(complained(sent, "dana@acme.example")))
    assert arf
    assert (arf.kind, arf.message_id, arf.recipients) == (Return.COMPLAINT, sent, ("dana@acme.example",))


def test_news_of_arrival_and_words_about_bounces_are_no_bounces() -> None:
    assert bounce(read_letter(report("<1@x>", "dana@acme.example", action="delivered", status="2.0.0"))) is None
    asks = letter("My mail to you bounced: 550 5.1.1 <dana@acme.example>: user unknown. What now?")
    assert bounce(read_letter(asks.as_bytes())) is None


def test_a_person_who_answers_a_machine_is_a_person() -> None:
    for subject in (
        "Re: Automatic reply: Two pumps",
        "AW: Abwesenheitsnotiz",
        "Absence management",
        "I'm out of pumps",
    ):
        assert verdict(read_letter(letter(subject=subject).as_bytes()), NOT_OURS).outcome is None
    assert verdict(read_letter(letter(Auto_Submitted="no").as_bytes()), NOT_OURS).outcome is None


def test_our_own_mail_is_known() -> None:
    ours = Ours("sales@alder-finch.example", {"kim@alder-finch.example"})
    own = letter(sender="sales@alder-finch.example")
    assert verdict(read_letter(own.as_bytes()), ours).outcome == Code.MAIL_LOOP
    back = letter()
    back.replace_header("Message-ID", "<m5.0123456789abcdef0123@alder-finch.example>")
    assert verdict(read_letter(back.as_bytes()), ours).outcome == Code.MAIL_LOOP
    colleague = letter(sender="Kim <Kim@Alder-Finch.example>")
    assert verdict(read_letter(colleague.as_bytes()), ours).outcome == Code.OWN_MAIL
    for sender in ("sales@alder-finch.example", "Website <site@host.example>"):
        form = letter(sender=sender, Reply_To="dana@acme.example", Auto_Submitted="auto-generated")
        assert verdict(read_letter(form.as_bytes()), ours).outcome is None
        found = opened(claimed(form.as_bytes(), MAIL), ours)
        assert isinstance(found, Opened)
        assert found.values[Field.EMAIL] == "dana@acme.example"


def test_an_answer_to_us_is_no_newsletter_however_its_program_marks_it() -> None:
    ours = Ours("sales@alder-finch.example")
    marked = {"List_Unsubscribe": "<https://crm.example/u>", "Precedence": "bulk"}
    answer = letter(answers="<m5.0123456789abcdef0123@alder-finch.example>", **marked)
    assert verdict(read_letter(answer.as_bytes()), ours).outcome is None
    assert verdict(read_letter(letter(answers="<5@acme.example>", **marked).as_bytes()), ours).outcome == Code.BULK_MAIL


def test_what_is_set_aside_says_whose_it_is_and_passes_once_released() -> None:
    raw = letter(Precedence="bulk").as_bytes()
    held = opened(claimed(raw, MAIL), NOT_OURS)
    assert isinstance(held, Unreadable)
    assert (held.code, held.about) == (Code.BULK_MAIL, ("dana@acme.example",))
    assert isinstance(opened(claimed(raw, MAIL, released=True), NOT_OURS), Opened)


def test_a_letter_is_known_by_what_its_sender_wrote() -> None:
    raw = letter().as_bytes()
    again: Any = b"Received: from mx.example\r\nDelivered-To: b@c.example\r\n" + raw.replace(b"\n", b"\r\n")
    assert key_of(raw) == key_of(again)
    assert key_of(raw) != key_of(raw.replace(b"two pumps", b"six pumps"))
