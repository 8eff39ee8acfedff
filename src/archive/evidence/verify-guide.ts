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

\`${FILES.checkpoint}\` has the name of the ledger, how many leaves it has, and the root of its Merkle tree (RFC 9162). Each line of
\`${FILES.states}\` has the number of a leaf, its entry (what was observed, when, and in which account), and the proof that the leaf is in that tree.
In place of each value that may be secret, an entry has a commitment: the SHA-256 of a salt and the value. \`openings\` has the salts and values.
A redacted value is not in \`openings\`, and a state that could not be redacted has a \`hash\` instead of its entry. The fingerprint is a commitment to
the service's whole reply, and is never opened. If outputs were pruned from the archive, the ledger has a tombstone that says what was removed, why and
by whom; it is in \`${FILES.tombstones}\`.
${hasOutputs ? 'A state names each output by its SHA-256, which is the name of its file.' : 'A state names each output by its SHA-256; the outputs themselves are not in this pack.'}

\`\`\`sh
python3 - <<'EOF'
import base64, hashlib, json, os, re
H = lambda data: hashlib.sha256(data).digest()
origin, size, root = open("${FILES.checkpoint}", encoding="utf-8").read().split("\\n")[:3]
size, root, states, hidden, pruned, outputs = int(size), base64.b64decode(root), 0, 0, set(), set()
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
        for opening in line.get("openings", []):
            place = '{"commitment":"%s"}' % H(bytes.fromhex(opening["salt"]) + opening["value"].encode()).hex()
            assert entry.count(place) == 1, f"a value of leaf {line['leaf']} is not the one that was observed"
            entry = entry.replace(place, opening["value"])
        yield line["leaf"], entry
for _, entry in lines("${FILES.tombstones}"):
    assert (tombstone := json.loads(entry))["kind"] == "pruned" and tombstone["what"] == "outputs", "this is no tombstone"
    for first, last in tombstone["seqs"]: pruned.update(range(first, last + 1))
for leaf, entry in lines("${FILES.states}"):
    hidden += len(re.findall(r'(?<!"fingerprint":)\\{"commitment":', entry))
    if leaf + 1 not in pruned: outputs.update(re.findall(r'"Output":\\{"sha256":"([0-9a-f]{64})"\\}', entry))
    states += 1
${
  hasOutputs
    ? `for digest in outputs:
    with open(os.path.join("outputs", digest + ".txt"), "rb") as file: assert H(file.read()).hex() == digest, digest
print(f"{states} states are in the ledger {origin}, and {len(outputs)} outputs belong to them.")`
    : `print(f"{states} states are in the ledger {origin}; {len(outputs)} outputs are not in this pack.")`
}
if hidden: print(f"{hidden} of their values are redacted.")
if pruned: print("Some of their outputs were pruned, and tombstones in the ledger say so.")
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

\`${FILES.rows}\` and \`${FILES.csv}\` show the invocations as they were last seen. \`ssm-archive verify pack.zip\` compares them with the states.
To do it by hand, compare an invocation with its last line in \`${FILES.states}\`.
`;
}
