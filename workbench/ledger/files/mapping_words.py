"""What exports call the fields that the workbench wants: headings, kinds of entries.

Words are Danish, Norwegian, Swedish and English, beside the headings of Business Central's
lists of customers and customer ledger entries (English and Danish) and of Dynamics 365
Finance's tables CustTable and CustTrans. Of several headings in one file the earlier word
is the better one.
"""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, tuple[str, ...]]

_CUSTOMER_NO = (
    "customer no", "customerno", "debitornr", "debitornummer", "kundenr", "kundenummer",
    "kundnr", "kundnummer", "accountnum", "customer account", "customeraccount",
    "customer number", "customer id", "invoiceaccount", "debitor", "kunde", "kund", "customer",
)  # fmt: skip

CUSTOMERS: Words = {
    "customer_no": (*_CUSTOMER_NO, "no", "nr", "nummer", "number"),
    "name": ("name", "navn", "namn", "customer name", "kundenavn", "kundnamn", "debitornavn",
             "organizationname"),
    "address_1": ("address", "adresse", "adress", "adresse 1", "address 1", "street", "gade",
                  "gate", "gata", "addressstreet"),
    "address_2": ("address 2", "adresse 2", "adress 2", "co adresse", "care of"),
    "address_3": ("address 3", "adresse 3", "adress 3"),
    "postcode": ("post code", "postcode", "postnr", "postnummer", "zip", "zip code", "zipcode",
                 "addresszipcode"),
    "city": ("city", "by", "poststed", "ort", "postort", "bynavn", "addresscity"),
    "country": ("country", "country region code", "landekode", "lande områdekode", "land",
                "landkode", "landskod", "countryregionid"),
    "legal_id": ("vat registration no", "cvr", "cvrnr", "cvr nummer", "cpr cvr", "cprcvr",
                 "cpr", "orgnr", "organisasjonsnummer", "organisationsnummer", "personnummer",
                 "vatnum", "registration no", "se nr"),
    "email": ("email", "e mail", "e post", "epost", "mail"),
    "phone": ("phone", "phone no", "telefon", "telefonnr", "tlf", "mobil", "mobiltelefon"),
    "customer_group": ("customer posting group", "debitorbogføringsgruppe", "gruppe", "group",
                       "customer group", "kundegruppe", "kundgrupp", "debitorgruppe",
                       "custgroup"),
    "language": ("language", "sprog", "språk", "language code", "sprogkode", "languageid"),
    "on_hold": ("blocked", "spærret", "sperret", "spärrad", "on hold"),
}  # fmt: skip

ENTRIES: Words = {
    "erp_entry_no": ("entry no", "løbenr", "løbenummer", "løpenr", "løpenummer", "löpnr",
                     "löpnummer", "recid", "entry number", "postnr", "id", "nr", "no"),
    "customer_no": _CUSTOMER_NO,
    "kind": ("document type", "bilagstype", "dokumenttype", "dokumenttyp", "transtype",
             "type", "typ", "art", "verifikationstyp"),
    "document_no": ("document no", "bilagsnr", "bilagsnummer", "fakturanr", "fakturanummer",
                    "dokumentnr", "invoice", "invoice no", "invoice number", "bilag", "voucher",
                    "verifikat", "verifikationsnr", "faktura"),
    "text": ("description", "beskrivelse", "beskrivning", "tekst", "text", "txt"),
    "document_date": ("document date", "bilagsdato", "dokumentdato", "dokumentdatum",
                      "fakturadato", "fakturadatum", "documentdate", "invoice date",
                      "posting date", "bogføringsdato", "bokføringsdato", "bokföringsdatum",
                      "transdate", "dato", "datum", "date"),
    "due_date": ("due date", "forfaldsdato", "forfald", "forfallsdato", "forfall",
                 "förfallodatum", "förfallodag", "duedate", "forfallsdatum"),
    "amount": ("original amount", "oprindeligt beløb", "opprinnelig beløp",
               "ursprungligt belopp", "amount", "beløb", "beløp", "belopp", "amountcur"),
    "remaining": ("remaining amount", "restbeløb", "restbeløp", "restbelopp", "rest", "saldo",
                  "åbent beløb", "åpent beløp", "remainamountcur", "open amount", "balance"),
    "currency": ("currency code", "valutakode", "valutakod", "valuta", "currency",
                 "currencycode"),
    "base_amount": ("amount lcy", "original amt lcy", "beløb rv", "beløp nok", "amountmst"),
    "rate": ("exchange rate", "valutakurs", "kurs", "växelkurs"),
    "rate_date": ("exchange rate date", "kursdato", "kursdatum"),
    "promised_on": ("promised pay date", "lovet betaling", "promised on", "betalingsløfte"),
    "on_hold": ("on hold", "afvent", "spærret", "sperret", "spärrad", "blocked"),
    "disputed": ("disputed", "omtvistet", "omstridt", "bestridd", "tvist"),
    "vat_code": ("vat code", "momskode", "mvakode", "momskod", "vat prod posting group"),
    "vat_rate": ("vat rate", "vat", "momssats", "mvasats", "momsprocent", "moms pct"),
    "vat_base": ("vat base", "momsgrundlag", "grundlag", "mvagrunnlag", "momsunderlag"),
    "vat_amount": ("vat amount", "momsbeløb", "moms", "mva", "mvabeløp", "momsbelopp"),
}  # fmt: skip

AGREEMENTS: Words = {
    "customer_no": _CUSTOMER_NO,
    "creditor_no": ("creditor no", "pbs nr", "pbsnr", "pbs nummer", "kreditornr",
                    "kreditornummer", "creditor number", "creditor", "kreditor"),
    "debtor_group": ("debtor group", "debitorgruppenr", "debitorgruppe", "debgrnr",
                     "debitorgruppenummer"),
    "agreement_no": ("agreement no", "aftalenr", "aftalenummer", "avtalenr", "avtalsnr",
                     "agreement number", "mandate", "aftale"),
    "status": ("status", "aftalestatus", "agreement status"),
    "valid_from": ("valid from", "gyldig fra", "startdato", "ikrafttrædelsesdato", "start date",
                   "fra dato", "startdatum"),
    "valid_to": ("valid to", "gyldig til", "slutdato", "sluttdato", "slutdatum", "end date",
                 "ophørsdato", "til dato"),
}  # fmt: skip

PURPOSES: Mapping[str, Words] = {
    "customers": CUSTOMERS,
    "entries": ENTRIES,
    "agreements": AGREEMENTS,
}

#: Headings of dimensions, by the name that the dimension gets.
DIMENSIONS: Words = {
    "department": ("department", "department code", "afdeling", "afdelingskode", "avdeling",
                   "avdelning", "global dimension 1 code", "global dimension 1 kode"),
    "project": ("project", "project code", "projekt", "projektkode", "prosjekt", "projektkod",
                "global dimension 2 code", "global dimension 2 kode"),
    "cost_center": ("cost center", "costcenter", "cost centre", "omkostningssted",
                    "kostnadssted", "kostnadsställe", "koststed"),
}  # fmt: skip

#: What exports call a kind of entry, by our code.
KINDS: Words = {
    "invoice": ("invoice", "faktura", "salgsfaktura", "sales invoice", "sales", "salg",
                "kundefaktura", "kundfaktura", "regning"),
    "credit_note": ("credit memo", "credit note", "kreditnota", "kreditnote", "kredittnota",
                    "kreditfaktura", "salgskreditnota", "sales credit memo"),
    "reminder": ("reminder", "rykker", "purring", "påminnelse", "påmindelse", "kravbrev"),
    "interest": ("finance charge memo", "interest", "rentenota", "rente", "ränta",
                 "räntefaktura", "renter"),
    "fee": ("fee", "gebyr", "avgift", "collectionletter"),
    "refund": ("refund", "refusion", "refusjon", "tilbagebetaling", "tilbakebetaling",
               "återbetalning"),
    "other": ("payment", "betaling", "betalning", "innbetaling", "inbetalning", "indbetaling",
              "other", "andet", "annet", "annat", "primo", "opening"),
}  # fmt: skip

#: Statuses of agreements, by our code.
STATUSES: Words = {
    "ok": ("ok", "active", "aktiv", "aktivt", "godkendt", "approved"),
    "pending": ("pending", "afventer", "avventer", "väntar", "under oprettelse"),
    "error": ("error", "fejl", "feil", "fel"),
    "cancelled": ("cancelled", "canceled", "afmeldt", "opsagt", "slettet", "avsluttet",
                  "avslutad", "uppsagt"),
}  # fmt: skip

#: Codes that a field's texts stand for.
CODES: Mapping[str, Words] = {"kind": KINDS, "status": STATUSES}

#: Words of a heading that tell the country whose currency a file without one means.
CURRENCIES: Words = {
    "NOK": ("forfallsdato", "beløp", "restbeløp", "bilagsregistrering"),
    "SEK": ("förfallodatum", "belopp", "restbelopp", "valutakod"),
    "DKK": ("forfaldsdato", "forfald", "beløb", "restbeløb"),
}


def plain(heading: str) -> str:
    """A heading as the words are written: small letters and digits, single blanks."""
    kept = "".join(sign if sign.isalnum() else " " for sign in heading.casefold())
    return " ".join(kept.split())
