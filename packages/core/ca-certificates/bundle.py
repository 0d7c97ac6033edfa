# Writes the certificates of the authorities that Mozilla trusts to know servers, as PEM, in the order of their names.
#
# certdata.txt is a list of objects, each a list of attributes: a name, a type, and a value, or lines of octal numbers up to END.
# Some objects are certificates; others say what a certificate, named by its SHA-1, is trusted for.
import base64
import hashlib
import re
import sys


def objects(lines):
    attributes = {}
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        name, kind, value = (line.split(None, 2) + ["", ""])[:3]
        if name == "CKA_CLASS":
            if attributes:
                yield attributes
            attributes = {}
        if kind == "MULTILINE_OCTAL":
            octal = "".join(iter(lambda: next(lines).strip(), "END"))
            attributes[name] = bytes(int(digits, 8) for digits in re.findall(r"\\([0-7]{3})", octal))
        else:
            attributes[name] = value.strip()
    yield attributes


trusted, certificates = set(), {}
with open(sys.argv[1], encoding="utf-8") as file:
    for item in objects(iter(file)):
        if item.get("CKA_CLASS") == "CKO_CERTIFICATE":
            certificates[hashlib.sha1(item["CKA_VALUE"]).digest()] = item
        elif item.get("CKA_TRUST_SERVER_AUTH") == "CKT_NSS_TRUSTED_DELEGATOR":
            trusted.add(item["CKA_CERT_SHA1_HASH"])
for label, value in sorted((item["CKA_LABEL"], item["CKA_VALUE"]) for hash, item in certificates.items() if hash in trusted):
    text = base64.b64encode(value).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    print("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----\n", sep="\n")
