"""Makes the tables in ClickHouse with the statements of the task, and prints the rows of each question."""

import json
import sys

from chdb import session

task = json.load(sys.stdin)
clickhouse = session.Session()
clickhouse.query(task["ddl"])
clickhouse.query("USE ssm_archive")
answers = []
for question in task["questions"]:
    sql = f"{question}\nSETTINGS output_format_json_quote_64bit_integers = 0"
    text = clickhouse.query(sql, "JSONCompactEachRow").bytes().decode("utf-8")
    answers.append([json.loads(line) for line in text.split("\n") if line])
sys.stdout.write(json.dumps(answers))
