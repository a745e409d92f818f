"""What HubSpot calls its objects and what it says of people."""

from __future__ import annotations

from leadloop.capture.parse.fields import Field
from leadloop.loop.from_crm.files import Kind

KINDS = (
    Kind("owners", ("owner", "owners")),
    Kind("accounts", ("company", "companies")),
    Kind("contacts", ("contact", "contacts")),
    Kind("campaigns", ("marketingcampaign", "marketingcampaigns", "campaigns")),
    Kind("members", ("campaigncontact", "campaignmember", "campaignmembers")),
    Kind("forms", ("form", "forms")),
    Kind("submissions", ("contactformsubmission", "formsubmissions")),
    Kind("stages", ("dealpipelinestage", "dealpipelinestages")),
    Kind("deal contacts", ("dealcontact", "dealcontacts")),
    Kind("deal companies", ("dealcompany", "dealcompanies")),
    Kind("deals", ("deal", "deals")),
    Kind("activity contacts", ("engagementcontact",)),
    Kind("activity deals", ("engagementdeal",)),
    Kind("calls", ("engagementcall", "calls")),
    Kind("mails", ("engagementemail",)),
    Kind("meetings", ("engagementmeeting", "meetings")),
    Kind("notes", ("engagementnote", "notes")),
    Kind("tasks", ("engagementtask", "tasks")),
    Kind(
        "machines",
        tuple(
            f"emailevent{what}"
            for what in (
                "",
                "open",
                "click",
                "sent",
                "delivered",
                "bounce",
                "deferred",
                "dropped",
                "forward",
                "print",
                "spamreport",
                "statuschange",
            )
        ),
    ),
    Kind("history", ("propertyhistory", "mergeaudit", "dealstage", "mergeddeal")),
    Kind("lists", ("contactlist", "contactlistmember")),
    Kind(
        "support",
        (
            "ticket",
            "ticketcompany",
            "ticketcontact",
            "ticketdeal",
            "ticketengagement",
            "ticketpipeline",
            "ticketpipelinestage",
            "ticketpropertyhistory",
        ),
    ),
    Kind(
        "other",
        (
            "engagement",
            "engagementcompany",
            "engagementcommunication",
            "emailcampaign",
            "dealpipeline",
            "ownerteam",
            "team",
            "teamuser",
            "users",
            "role",
            "property",
            "propertyoption",
        ),
    ),
)
NO_PLACE = {
    "machines": "steps of machines",
    "history": "changes of single fields",
    "lists": "lists are made here as segments",
    "support": "tickets of support",
}
PERSON = {
    Field.GIVEN_NAME: ("firstname",),
    Field.FAMILY_NAME: ("lastname",),
    Field.EMAIL: ("email", "emailaddress"),
    Field.PHONE: ("phone", "phonenumber"),
    Field.MOBILE: ("mobilephone", "mobilephonenumber"),
    Field.TITLE: ("jobtitle",),
    Field.COMPANY: ("company", "companyname"),
    Field.WEBSITE: ("website", "websiteurl"),
    Field.INDUSTRY: ("industry",),
    Field.EMPLOYEES: ("numemployees", "numberofemployees"),
    Field.CITY: ("city",),
    Field.COUNTRY: ("country", "countryregion"),
    Field.SOURCE: ("analyticssource", "originalsource", "originaltrafficsource"),
    Field.MESSAGE: ("message",),
    Field.NO_EMAIL: ("emailoptout", "optedoutofemail", "unsubscribedfromallemail"),
}
