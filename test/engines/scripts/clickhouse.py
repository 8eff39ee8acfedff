"""Makes the tables in ClickHouse with the statements of the task, and prints the rows and the time of each question."""

import json
import sys
import time

from chdb import session

task = json.load(sys.stdin)
clickhouse = session.Session()
clickhouse.query(task["ddl"])
clickhouse.query("USE ssm_archive")
answers, seconds = [], []
for question in task["questions"]:
    sql = f"{question}\nSETTINGS output_format_json_quote_64bit_integers = 0"
    begin = time.perf_counter()
    text = clickhouse.query(sql, "JSONCompactEachRow").bytes().decode("utf-8")
    seconds.append(time.perf_counter() - begin)
    answers.append([json.loads(line) for line in text.split("\n") if line])
json.dump({"answers": answers, "seconds": seconds}, sys.stdout)
