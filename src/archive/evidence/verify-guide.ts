import { coverageMarkdown } from './coverage/coverage-texts.ts';
import type { PackCoverage } from './coverage/state-pack-coverage.ts';
import { FILES, type PackUnseen, SEAL_HEADER } from './evidence.ts';
import { unseenMarkdown } from './unseen/unseen-texts.ts';

interface ToldInGuide {
  verifierKey: string;
  hasOutputs: boolean;
  coverage: PackCoverage;
  /** A sentence about what the pack lacks, for the first line. */
  absence: string | undefined;
  /** The asked values that the archive had never seen, for the text after the first line. */
  unseen: readonly PackUnseen[];
}

/** VERIFY.md: how to check a pack with public tools only. Its commands run unchanged in the unpacked folder. */
export function verifyGuide({ verifierKey, hasOutputs, coverage, absence, unseen }: ToldInGuide): string {
  return `${absence === undefined ? '' : `${absence}\n\n`}${unseenMarkdown(unseen)}# How to verify this pack

${coverageMarkdown(coverage)}
The coverage above is taken from the signed certificate in \`${FILES.certificate}\`. This pack can't have what the archive does not have. Where the span is not
complete, something may be missing from the pack although it happened.

## What you need

You need \`sha256sum\` (coreutils), \`openssl\` 3 and \`python3\`, but neither the archive nor AWS nor a network. Unpack the pack into an
empty folder, and run the commands of each step there. If you have \`ssm-archive\`, \`ssm-archive verify --key KEY pack.zip\` does all of this.

Everything here is signed by this key:

    ${verifierKey}

Somebody who forges a pack can sign it with their own key and write that key here, so a pack can't prove whose key has signed it. Get the archive's
key from its keeper by another way than this pack, and compare the two. Until then the pack is only consistent, whatever the first steps say.

## 1. Every file is as it was packed, and there is no other

\`\`\`sh
python3 - <<'EOF' || exit 1
import os, sys
listed = {line[66:] for line in open("${FILES.sums}", encoding="utf-8", newline="\\n").read().split("\\n")[:-1]}
here = {os.path.relpath(os.path.join(folder, name)) for folder, _, names in os.walk(".") for name in names}
other = here ^ (listed | {"${FILES.sums}", "${FILES.seal}"})
for name in sorted(other): print(ascii(name), "was added." if name in here else "is missing.")
sys.exit(len(other) > 0)
EOF
sha256sum --check --strict --quiet ${FILES.sums} && echo "All files are whole."
\`\`\`

These steps check only the files that are unpacked here. They can't see what else is in the ZIP: data before, after or between its files, or a file
that another program unpacks under another name. Rely only on the files here. \`ssm-archive verify\` refuses a ZIP with such data or files.

\`invocations.csv\` and \`invocations.ndjson\` have some members that AWS does not send. The archive derives them from what AWS sent: \`durationMs\`, \`outputSha256\`,
\`outputSizeBytes\`, \`isOutputTruncated\`, and \`isSkipped\`, which is true if the step's output says that the agent did not run the step, although its \`status\` is Success.

In \`${FILES.commandCsv}\` and \`${FILES.commandRows}\`, \`parameters\` has the scripts of a command, \`targets\` what it was sent to, and \`seenIn\` the
operation whose reply showed it: ListCommandInvocations shows no parameters and no targets. \`otherMembers\` has what ssm-archive does not know by name, and values of an unexpected type.
What was redacted is \`[redacted]\`, or null where it is not a text.

## 2. The archive's key has signed them

The first line of the signed text names its kind, the second line is the SHA-256 of \`${FILES.sums}\`.

\`\`\`sh
set -e
work=$(mktemp -d)
check() { # a signed note has a text, an empty line, and "— name base64"; the base64 has the key's id (four bytes) and the signature
  python3 - "$1" "$work" <<'EOF'
import base64, sys
text, signatures = open(sys.argv[1], encoding="utf-8", newline="").read().split("\\n\\n")
open(sys.argv[2] + "/text", "w", encoding="utf-8", newline="").write(text + "\\n")
open(sys.argv[2] + "/signature", "wb").write(base64.b64decode(signatures.splitlines()[0].split(" ")[2])[4:])
EOF
  openssl pkeyutl -verify -pubin -inkey ${FILES.pem} -rawin -in "$work/text" -sigfile "$work/signature" > "$work/said" || { cat "$work/said"; exit 1; }
  echo "$1 is signed by the key."
}
check ${FILES.seal}
printf '%s\\n%s\\n' '${SEAL_HEADER}' "$(sha256sum ${FILES.sums} | cut -d' ' -f1)" | cmp - "$work/text"
check ${FILES.certificate}
check ${FILES.checkpoint}
rm -r "$work"
\`\`\`

## 3. Every state is in the ledger

\`${FILES.checkpoint}\` has the name of the ledger, how many leaves it has, and the root of its Merkle tree (RFC 9162). A line of
\`${FILES.states}\` is a leaf's number, its entry (what was observed, when and of whom), and the proof that it is in that tree. The lines of
\`${FILES.commandStates}\` are the same for commands: what was run, with which parameters, on which targets. An entry has
commitments in place of what may be secret: SHA-256 of a salt and the value. \`openings\` has both; a value that was redacted has none, and a
state that has no commitment to what was redacted has its \`hash\` in place of the entry. The fingerprint, of the service's whole reply, is never opened.
\`${FILES.senders}\`, if there is one, has who sent the commands, as events of CloudTrail said; its entries have no commitments.
\`${FILES.fullOutputs}\`, if there is one, has all that was fetched of what steps printed, because AWS lists only its first 2,500 bytes.
A line says whose it is (\`position\` counts steps from 0), on which \`stream\`, and where it came from: \`provenance\` is \`get\` for
GetCommandInvocation, \`logs\` for CloudWatch Logs, \`s3\` for an object in a bucket. If \`cutBy\` is \`service\`, AWS had no more; if it is
\`limit\`, the archive kept only the first \`sizeBytes\` of \`totalBytes\`; if it is null, it is whole. \`file\` has exactly the bytes that
came, of which \`sha256sum\` makes \`sha256\`; \`encoding\` says how to read them. What has no \`file\` was pruned, redacted or left out.
Outputs that were pruned from the archive have a tombstone in the ledger, which is in \`${FILES.tombstones}\`, with what, why and who.
${hasOutputs ? 'A state names each output by its SHA-256, which is the name of its file.' : 'A state names each output by its SHA-256; the outputs themselves are not in this pack.'}

\`\`\`sh
python3 - <<'EOF'
import base64, hashlib, json, os, re
H = lambda data: hashlib.sha256(data).digest()
origin, size, root = open("${FILES.checkpoint}", encoding="utf-8").read().split("\\n")[:3]
size, root, states, hidden, withheld, pruned, outputs = int(size), base64.b64decode(root), 0, 0, 0, set(), set()
def lines(name):
    for line in open(name, encoding="utf-8", newline="\\n") if os.path.exists(name) else []:
        line = json.loads(line)
        entry, at, last = line.get("entry", ""), line["leaf"], size - 1
        node = H(b"\\0" + entry.encode()) if entry else base64.b64decode(line["hash"])
        for sibling in map(base64.b64decode, line["proof"]):
            assert last > 0, f"the proof of leaf {line['leaf']} is too long"
            if at % 2 or at == last:
                node = H(b"\\1" + sibling + node)
                while at % 2 == 0 and at > 0: at, last = at >> 1, last >> 1
            else:
                node = H(b"\\1" + node + sibling)
            at, last = at >> 1, last >> 1
        assert last == 0 and node == root, f"leaf {line['leaf']} is not in the ledger"
        openings = line.get("openings", [])
        left = len(re.findall(r'(?<!"fingerprint":)\\{"commitment":', entry)) - len(openings)
        for opening in openings:
            place = '{"commitment":"%s"}' % H(bytes.fromhex(opening["salt"]) + opening["value"].encode()).hex()
            assert entry.count(place) == 1, f"a value of leaf {line['leaf']} is not the one that was observed"
            entry = entry.replace(place, opening["value"])
        yield line["leaf"], entry, left, line
for _, entry, _, _ in lines("${FILES.tombstones}"):
    assert (tombstone := json.loads(entry))["kind"] == "pruned" and tombstone["what"] == "outputs", "this is no tombstone"
    for first, last in tombstone["seqs"]: pruned.update(range(first, last + 1))
for leaf, entry, left, _ in lines("${FILES.states}"):
    hidden += left
    if leaf + 1 not in pruned: outputs.update(re.findall(r'"Output":\\{"sha256":"([0-9a-f]{64})"\\}', entry))
    states += 1
    withheld += not entry
${
  hasOutputs
    ? `for digest in outputs:
    with open(os.path.join("outputs", digest + ".txt"), "rb") as file: assert H(file.read()).hex() == digest, digest
print(f"{states} states are in the ledger {origin}, and {len(outputs)} outputs belong to them.")`
    : `print(f"{states} states are in the ledger {origin}; {len(outputs)} outputs are not in this pack.")`
}
if hidden: print(f"{hidden} of their values are redacted.")
if pruned: print("Some of their outputs were pruned, and tombstones in the ledger say so.")
commands, senders, hidden = 0, 0, 0
for leaf, entry, left, _ in lines("${FILES.commandStates}"):
    told = json.loads(entry or '{"kind":"command"}')
    assert told["kind"] == "command" or told.get("table") == "commands", f"leaf {leaf} is not a state of a command"
    hidden += left
    commands += 1
    withheld += not entry
for leaf, entry, _, _ in lines("${FILES.senders}"):
    assert not entry or json.loads(entry).get("table") == "command_senders", f"leaf {leaf} does not say who sent a command"
    senders += 1
    withheld += not entry
print(f"{commands} states of commands and {senders} senders are in it too.")
if hidden: print(f"{hidden} values of the commands are redacted.")
fetched, gone, hidden = 0, 0, 0
for leaf, entry, left, line in lines("${FILES.fullOutputs}"):
    told = json.loads(entry)
    assert told["kind"] == "output", f"leaf {leaf} is not a full output"
    for name in "accountId region commandId instanceId position name stream provenance fetchedAt encoding cutBy".split():
        assert line[name] == told[name], f"the {name} of leaf {leaf} is not the one in the ledger"
    digest, sizes, location = (
        "[redacted]" if type(told[name]) is dict and "commitment" in told[name] else told[name] for name in ("digest", "size", "location")
    )
    if sizes == "[redacted]": sizes = {"sizeBytes": None, "totalBytes": None}
    assert line["sha256"] == digest and line["location"] == location, f"the digest or place of leaf {leaf} is not the one in the ledger"
    assert all(line[name] == sizes[name] for name in sizes), f"the size of leaf {leaf} is not the one in the ledger"
    assert line["isPruned"] == (leaf + 1 in pruned), f"the tombstones do not say whether the text of leaf {leaf} was pruned"
    ${
      hasOutputs
        ? `assert line["file"] == (None if line["isPruned"] else f"outputs/{digest}.txt"), f"leaf {leaf} names another file than its own"
    if line["file"]:
        with open(line["file"], "rb") as file: data = file.read()
        assert H(data).hex() == digest and len(data) == sizes["sizeBytes"], f"the text of leaf {leaf} is not the one that was fetched"
        outputs.add(digest)`
        : `assert line["file"] is None, f"the text of leaf {leaf} is here"`
    }
    fetched += 1
    gone += line["isPruned"]
    hidden += left
if fetched: print(f"{fetched} full outputs are in it${hasOutputs ? ', and their texts are as they were fetched' : '; their texts are not in this pack'}.")
if gone: print(f"The texts of {gone} of them were pruned.")
if hidden: print(f"{hidden} values of full outputs are redacted.")
for name in os.listdir("outputs") if os.path.exists("outputs") else []:
    assert name.removesuffix(".txt") in outputs, f"outputs/{ascii(name)} belongs to nothing in the ledger"
if withheld: print(f"{withheld} of all these are withheld whole: their hashes are here, and not what they say.")
EOF
\`\`\`

## 4. The key is the archive's own

Put the key that its keeper gave you into the variable \`KEY\`; do not copy it from here.

\`\`\`sh
python3 - "\${KEY:-}" <<'EOF'
import base64, hashlib, sys
key = sys.argv[1]
if not key:
    print("CONSISTENT, SIGNER NOT CHECKED: set KEY to the archive's key, as its keeper gave it to you, and run this step again.")
    sys.exit(3)
name, number, encoded = key.split("+", 2)
data = base64.b64decode(encoded)
known = hashlib.sha256(name.encode() + b"\\n" + data).hexdigest().startswith(number) and data[:1] == b"\\1"
pem = base64.b64decode("".join(open("${FILES.pem}", encoding="utf-8").read().split("\\n")[1:-2]))
same = pem[-32:] == data[1:] and open("${FILES.key}", encoding="utf-8").read() == key + "\\n"
origin = open("${FILES.checkpoint}", encoding="utf-8").readline() == name + "\\n"
print("GENUINE: the archive's own key has signed it." if known and same and origin else "NOT GENUINE: another key has signed it.")
sys.exit(not (known and same and origin))
EOF
\`\`\`

## 5. The ledger is the one that you know

The root in \`${FILES.checkpoint}\` covers all ${'`'}size${'`'} entries that the ledger had. If you have another checkpoint of this ledger, from another place or
another day, the archive can prove that one continues the other: \`ssm-archive verify --checkpoint <file>\`, or \`GET /v1/ledger/consistency\`.

## What follows from the states

\`${FILES.rows}\` and \`${FILES.csv}\` show the invocations as they were last seen, \`${FILES.commandRows}\` and \`${FILES.commandCsv}\`
the commands. \`ssm-archive verify pack.zip\` compares them with the states; by hand, compare any with the last of its lines in
\`${FILES.states}\` or \`${FILES.commandStates}\`.
`;
}
