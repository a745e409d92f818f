"""Taking over from another system: a folder of its export files, with their links and their history.

Terms: an *object* is what a file is about (leads, contacts, accounts, campaigns, members, deals, activities); a *human*
is a lead and the contact it was converted to, taken as one. Guarantee: links and times stay what they were; what can't
be taken is named with its reason; the same export twice changes nothing. Steps: `files` opens and sorts the files,
`salesforce` or `hubspot` says which column is what, `humans` writes everybody as rows of one import, `bringing` brings
in companies, programmes, people with their touches, deals and what was done, in that order.
"""
