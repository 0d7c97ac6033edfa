# What the specifications' own authors say of attestations: holds each file against the schemas of in-toto and SLSA, or asks the
# validator of SPDX. Prints what is wrong.
#
#   published.py provenance|spdx FOLDER FILE...
#
# FOLDER is where their packages are unpacked. Whatever a format does not know must not be there: what they read, written again,
# has to be what was there.
import json
import subprocess
import sys

kind, folder, *files = sys.argv[1:]
sys.path.insert(0, folder + "/usr/lib/python3/dist-packages")


def messages(*paths):
    """The message types of protocol buffers, by name, as protoc reads them."""
    from google.protobuf import descriptor_pb2, message_factory

    schemas = folder + "/usr/share/gocode/src/github.com/in-toto/attestation/protos"
    compiled = subprocess.run(
        ["protoc", "--proto_path", schemas, "--include_imports", "--descriptor_set_out=/dev/stdout", *paths], check=True, capture_output=True).stdout
    return message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(compiled).file)


def check_provenance(document):
    from google.protobuf import json_format

    known = messages("in_toto_attestation/v1/statement.proto", "in_toto_attestation/predicates/provenance/v1/provenance.proto")
    for name, part in ("v1.Statement", document), ("predicates.provenance.v1.Provenance", document["predicate"]):
        message = json_format.ParseDict(part, known["in_toto_attestation." + name]())
        if json_format.MessageToDict(message) != part:
            yield f"not a {name} from end to end"


def check_spdx(document):
    from spdx_tools.spdx.jsonschema.document_converter import DocumentConverter
    from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    read = JsonLikeDictParser().parse(document)
    for message in validate_full_spdx_document(read):
        yield f"{message.context.spdx_id or message.context.element_type}: {message.validation_message}"
    # The schema has two spellings of one category; it reads both and writes the older.
    again = json.loads(json.dumps(DocumentConverter().convert(read)).replace('"PACKAGE_MANAGER"', '"PACKAGE-MANAGER"'))
    if again != document:
        yield "not an SPDX document from end to end"


failed = False
for file in files:
    with open(file, encoding="utf-8") as text:
        document = json.load(text)
    try:
        problems = list({"provenance": check_provenance, "spdx": check_spdx}[kind](document))
    except Exception as e:
        problems = [f"{type(e).__name__}: {e} {' '.join(getattr(e, 'messages', []))}"]
    for problem in problems:
        print(f"{file}: {problem}")
        failed = True
sys.exit(failed)
