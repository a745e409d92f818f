"""Another system's export comes in with its links and its history, and a second time nothing happens."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_system
from leadloop.loop import check, pump
from leadloop.loop.cli.work.importing import undo_import
from leadloop.loop.cli.work.taking_over import take_over
from leadloop.loop.from_crm.bringing import bring_in, look
from leadloop.loop.from_crm.shapes import Brought
from leadloop.loop.install import Installed, install
from leadloop.loop.tests.test_imports import fetch
from leadloop.loop.tests.test_install import FIRM, PEOPLE, SQUADS

DATA = Path(__file__).parents[5] / "shared" / "data"
OPERATOR = by_system("command-line")
# Invented rows under the true names of the columns.
SALESFORCE = {
    "User": "Id,Name,Email\n005K,Kim Maurer,kim@alder-finch.example\n005X,Jo Gone,jo@gone.example\n",
    "Account": "Id,Name,Website,BillingCountryCode,ParentId,NumberOfEmployees,OwnerId\n"
    "001A,Acme GmbH,acme.example,DE,001H,320,005K\n001H,Acme Holding,,DE,,,005X\n001D,,,,,,\n",
    "Lead": "Id,FirstName,LastName,Company,Email,Status,OwnerId,CreatedDate,IsConverted,ConvertedContactId,"
    "ConvertedAccountId,ConvertedOpportunityId,LeadSource,IsDeleted,HasOptedOutOfEmail\n"
    "00QD,Dana,Ruiz,Acme,dana@acme.example,Closed - Converted,005K,2024-02-01T08:00:00Z,true,003D,001A,006W,Web,"
    "false,true\n"
    "00QL,Lee,Moss,Moss AG,lee@moss.example,Working - Contacted,005X,2024-03-01T08:00:00Z,false,,,,Web,false,\n"
    "00QZ,Old,Gone,Gone AG,old@gone.example,Open,005K,2024-03-01T08:00:00Z,false,,,,Web,true,\n",
    "Contact": "Id,AccountId,FirstName,LastName,Email,Title,Phone,OwnerId,CreatedDate,MailingCountryCode\n"
    "003D,001A,Dana,Ruiz,dana@acme.example,Head of Operations,+49 30 23125001,005K,2024-02-10T08:00:00Z,AT\n"
    "003B,001A,Ben,Cole,ben@acme.example,Buyer,,005K,2024-02-11T08:00:00Z,\n"
    "003Q,001A,Quiet,One,quiet@acme.example,,,005K,2024-02-11T08:00:00Z,\n",
    "Campaign": "Id,Name,StartDate,EndDate,OwnerId\n701F,Spring fair,2024-01-15,2024-01-20,005K\n",
    "CampaignMember": "Id,CampaignId,LeadId,ContactId,Status,FirstRespondedDate,CreatedDate\n"
    "00vD,701F,00QD,,Responded,2024-01-16,2024-01-16T10:00:00Z\n00vE,701F,,003D,Sent,,2024-04-01T10:00:00Z\n"
    "00vN,701F,00Qnobody,,Sent,,2024-04-01T10:00:00Z\n",
    "Opportunity": "Id,Name,AccountId,Amount,StageName,CloseDate,CreatedDate,IsClosed,IsWon,OwnerId\n"
    "006W,Acme pumps,001A,12500.50,Closed Won,2024-05-31,2024-02-10T09:00:00Z,true,true,005K\n"
    "006L,Acme service,001A,800,Closed Lost,2024-06-30,2024-03-10T09:00:00Z,true,false,005X\n"
    "006O,Acme more,001A,900,Negotiation/Review,2027-01-31,2024-06-10T09:00:00Z,false,false,005K\n"
    "006B,Acme odd,001A,-5,Closed Won,2024-05-31,2024-02-10T09:00:00Z,true,true,005K\n",
    "OpportunityContactRole": "Id,OpportunityId,ContactId,Role\n00K1,006L,003B,Buyer\n00K2,006O,003D,User\n",
    "Task": "Id,WhoId,WhatId,Subject,Description,Status,ActivityDate,OwnerId,TaskSubtype,CallDisposition,IsClosed\n"
    "00T1,003D,006W,First call,Needs ten pumps,Completed,2024-02-12,005K,Call,Connected,true\n"
    "00T2,00QL,,Wrote to them,,Completed,2024-03-02,005K,Email,,true\n"
    "00T3,003D,006W,To do,,Not Started,2027-02-12,005K,Task,,false\n"
    "00T4,003none,,Lost,,Completed,2024-02-12,005K,Task,,true\n",
    "Event": "Id,WhoId,WhatId,Subject,StartDateTime,DurationInMinutes,OwnerId\n"
    "00U1,003B,006L,Visit,2024-03-20T09:30:00Z,45,005K\n",
    "OpportunityLineItem": "Id,OpportunityId\n00k1,006W\n",
}
HUBSPOT = {
    "owners": "owner_id,email,first_name,last_name\n77,kim@alder-finch.example,Kim,Maurer\n",
    "companies": "Record ID,Company name,Company Domain Name,Country/Region\n11,Acme GmbH,acme.example,DE\n",
    "contacts": "Record ID,First Name,Last Name,Email,Lifecycle Stage,Create Date,Associated Company IDs,"
    "Contact owner\n"
    "501,Dana,Ruiz,dana@acme.example,Customer,2024-02-01 08:00,11,77\n"
    "502,Lee,Moss,lee@moss.example,Marketing Qualified Lead,2024-03-01 08:00,,77\n"
    "503,No,Way,,Lead,2024-03-01 08:00,,77\n",
    "deal_pipeline_stage_data": "stage_id,label,is_closed,closed_won,probability\n"
    "s9,Closed won,true,true,1.0\ns1,Appointment,false,false,0.2\n",
    "deals": "deal_id,property_dealname,property_amount,deal_pipeline_stage_id,property_closedate,"
    "property_createdate,owner_id\n900,Acme pumps,1000,s9,2024-05-31 00:00:00,2024-02-10 09:00:00,77\n",
    "deal_contact": "contact_id,deal_id\n501,900\n",
    "deal_company": "company_id,deal_id\n11,900\n",
    "form_data": "guid,name\nf1,Newsletter\n",
    "contact_form_submission": "timestamp,form_id,contact_id,conversion_id,page_url,title\n"
    "2024-01-20 10:00:00,f1,501,c1,https://alder-finch.example/news,Newsletter\n",
    "engagement_contact": "contact_id,engagement_id\n501,3001\n501,3002\n",
    "engagement_deal": "deal_id,engagement_id\n900,3001\n",
    "engagement_call": "engagement_id,property_hs_timestamp,property_hs_call_disposition,property_hs_call_title\n"
    "3001,2024-02-12 09:00:00,Connected,First call\n",
    "engagement_note": "engagement_id,property_hs_timestamp,property_hs_note_body\n"
    "3002,2024-02-13 09:00:00,Likes blue\n",
    "email_event_open_data": "id\n1\n",
}


@pytest.fixture
def house(empty_db: str) -> Installed:
    return install(FIRM, PEOPLE, squads=SQUADS, now=clock.now() - timedelta(days=2))


def folder(at: Path, files: dict[str, str]) -> Path:
    at.mkdir(exist_ok=True)
    for name, text in files.items():
        (at / f"{name}.csv").write_text(text)
    return at


def brought(path: Path, system: str) -> Brought:
    found = bring_in(path, system, actor=OPERATOR, now=clock.now())
    pump.drain()
    return found


def left(found: Brought) -> set[tuple[str, str]]:
    return {(one.row or one.file, one.why) for one in found.left}


def test_a_salesforce_export_keeps_its_links_and_its_history(house: Installed, tmp_path: Path) -> None:
    first = brought(folder(tmp_path / "sf", SALESFORCE), "salesforce")
    assert (first.new["leads"], first.new["touches"], first.new["deals"], first.new["activities"]) == (3, 2, 3, 3)
    assert (first.new["companies"], first.new["programmes"], first.quarantined) == (2, 1, 0)

    leads = fetch(
        "select c.norm, l.stage, l.touches, p.company_id from leads_lead l join people_contactpoint c"
        " using (person_id) join people_position p using (person_id) where c.kind = 'email' order by 1"
    )
    (acme,) = fetch("select id from people_company where domain = 'acme.example'")[0]
    assert leads[:2] == [("ben@acme.example", "lost", 1, acme), ("dana@acme.example", "won", 3, acme)]
    assert leads[2][:3] == ("lee@moss.example", "working", 1)
    looked_after = "select c.name, u.name from people_company c join platform_user u on u.id = c.account_owner_id"
    assert fetch(looked_after) == [("Acme GmbH", "Kim Maurer")]
    parent = "select h.name from people_company c join people_company h on h.id = c.parent_id"
    assert fetch(parent) == [("Acme Holding",)]
    assert fetch("select count(*) from people_person") == [(4,)]  # the quiet contact is known, and no lead

    deals = fetch(
        "select o.source_key, o.state, o.minor, o.closed_at::date::text, o.opened_at::date::text, o.company_id, c.norm"
        " from selling_opportunity o left join selling_opportunitylead k on k.opportunity_id = o.id and k.is_primary"
        " left join leads_lead l on l.id = k.lead_id left join people_contactpoint c"
        " on c.person_id = l.person_id and c.kind = 'email' order by 1"
    )
    assert deals == [
        ("salesforce:006L", "lost", 80_000, "2024-06-30", "2024-03-10", acme, "ben@acme.example"),
        ("salesforce:006O", "open", 90_000, None, "2024-06-10", acme, "dana@acme.example"),
        ("salesforce:006W", "won", 1_250_050, "2024-05-31", "2024-02-10", acme, "dana@acme.example"),
    ]
    touches = fetch(
        "select p.name, i.happened_at::date::text, i.outcome from capture_inquiry i"
        " left join programmes_programme p on p.id = i.programme_id where i.lead_id is not null order by i.happened_at"
    )
    assert touches[0] == ("Spring fair", "2024-01-16", "joined")
    assert ("Spring fair", "2024-04-01", "joined") in touches
    done = fetch(
        "select a.kind, a.outcome, a.happened_at::date::text, o.source_key, a.minutes from selling_activity a"
        " left join selling_opportunity o on o.id = a.opportunity_id order by a.happened_at"
    )
    assert done == [
        ("call", "talked", "2024-02-12", "salesforce:006W", None),
        ("mail", "sent", "2024-03-02", None, None),
        ("meeting", "held", "2024-03-20", "salesforce:006L", 45),
    ]
    assert left(first) >= {
        ("00QZ", "it was deleted there"),
        ("001D", "it has neither name nor website"),
        ("00vN", "nobody in the export has the number 00Qnobody"),
        ("006B", "its amount is below zero"),
        ("00T3", "it is not done yet: enter it as a next step"),
        ("00T4", "nobody who came in has the number 003none"),
        ("006L", "nobody here is Jo Gone"),
        ("OpportunityLineItem.csv", "no place for it here"),
    }
    assert fetch("select distinct state from people_consent") == [("withdrawn",)]  # who had opted out stays so
    assert fetch("select count(*) from outreach_message where person_id is not null") == [(0,)]
    assert check.run() == []


def test_twice_changes_nothing(house: Installed, tmp_path: Path) -> None:
    path = folder(tmp_path / "sf", SALESFORCE)
    brought(path, "salesforce")
    before = fetch("select kind, count(*) from ledger_event group by 1 order by 1")
    again = brought(path, "salesforce")
    assert {name: count for name, count in again.new.items() if count and name != "companies"} == {}
    assert (again.known["rows"], again.known["deals"], again.known["activities"]) == (6, 3, 3)
    after = dict(fetch("select kind, count(*) from ledger_event group by 1 order by 1"))
    assert {kind: after[kind] - count for kind, count in before if after[kind] != count} == {"import.finished": 1}


def test_a_hubspot_export_comes_in_from_an_archive(house: Installed, tmp_path: Path) -> None:
    path = folder(tmp_path / "hs", HUBSPOT)
    with ZipFile(tmp_path / "hs.zip", "w") as archive:
        for file in path.iterdir():
            archive.write(file, f"export/{file.name}")
    found = brought(tmp_path / "hs.zip", "hubspot")
    assert (found.new["leads"], found.new["touches"], found.new["deals"], found.new["activities"]) == (3, 1, 1, 2)
    assert found.quarantined == 0  # who has neither an address nor a firm can be looked up by number
    stages = dict(fetch("select c.norm, l.stage from leads_lead l join people_contactpoint c using (person_id)"))  # type: ignore[arg-type]
    assert stages == {"dana@acme.example": "won", "lee@moss.example": "qualified"}
    assert fetch("select state, closed_at::date::text, minor from selling_opportunity") == [
        ("won", "2024-05-31", 100_000)
    ]
    assert fetch("select touch ->> 'landing_page' from capture_inquiry where outcome = 'joined'") == [
        ("https://alder-finch.example/news",)
    ]
    assert fetch("select kind, outcome from selling_activity order by happened_at") == [
        ("call", "talked"),
        ("note", ""),
    ]
    assert any(why == "steps of machines" for _, why in left(found))
    assert check.run() == []


def test_what_is_no_export_is_answered_with_what_would_be_one(house: Installed, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="exports of sugar are not known") as wrong:
        look(tmp_path, "sugar")
    assert wrong.value.mend == "Say one of: salesforce, hubspot"
    with pytest.raises(Invalid, match="holds no tables"):
        look(tmp_path, "hubspot")
    (tmp_path / "x.zip").write_bytes(b"no archive")
    with pytest.raises(Invalid, match="is no archive"):
        look(tmp_path / "x.zip", "hubspot")


@pytest.mark.parametrize(
    ("system", "archive"),
    [
        ("salesforce", "export_salesforce_fivetran/salesforce_seeds.tar.xz"),
        ("hubspot", "export_hubspot_fivetran/hubspot_seeds.tar.xz"),
    ],
)
def test_a_connectors_tables_are_read_under_their_true_names(
    house: Installed, tmp_path: Path, system: str, archive: str
) -> None:
    if not (DATA / archive).exists():
        pytest.skip("needs ../shared/data/export_*_fivetran")
    shutil.unpack_archive(DATA / archive, tmp_path)
    if system == "salesforce":
        (tmp_path / "sf_lead_data.csv").write_bytes(
            (DATA / "export_salesforce_fivetran" / "sf_lead_data.csv").read_bytes()
        )
    found = brought(tmp_path, system)
    assert found.new["companies"] > 0
    assert found.new["rows"] > 0
    if system == "salesforce":  # all ten of its deals are marked as deleted, and so are nine of its companies
        assert (
            sum((one.file, one.why) == ("sf_opportunity_data.csv", "it was deleted there") for one in found.left) == 10
        )
    else:
        assert found.new["deals"] > 0
    assert not any("says nothing" in one.why for one in found.left)
    again = brought(tmp_path, system)
    assert {name: count for name, count in again.new.items() if count and name != "companies"} == {}
    assert check.run() == []


def test_the_command_line_takes_a_folder_over_and_counts(
    house: Installed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder(tmp_path / "hs", HUBSPOT)
    take_over(path, "hubspot", dry_run=True, as_json=False)
    assert fetch("select count(*) from people_person") == [(0,)]
    capsys.readouterr()
    take_over(path, "hubspot", dry_run=False, as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert (said["new"]["deals"], said["quarantined"]) == (1, 0)
    undo_import(said["run_id"], as_json=True)
    undone = json.loads(capsys.readouterr().out)
    assert (undone["leads"], undone["persons"]) == (2, 2)  # who has a deal stays
    assert check.run() == []
