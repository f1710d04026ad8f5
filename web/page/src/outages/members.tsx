// SPDX-License-Identifier: Apache-2.0
// The links of an incident.

import { fetchMembers } from "../api/incidents";
import type { Incident, Member } from "../api/incidents";
import { properName, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { Problem } from "../parts/problem";
import { StateMark } from "../parts/state-mark";
import { Table } from "../parts/table";
import type { Column } from "../parts/table";
import { useAsked } from "../parts/use-asked";
import { linkPath } from "../shell/paths";
import { memberMark, shownMarks } from "./marks";
import { words } from "./words";

function Standing({ member }: { member: Member }) {
  const w = useWords(words);
  const mark = memberMark(member);

  return (
    <span class={`badge state-${shownMarks[mark]}`}>
      <StateMark state={shownMarks[mark]} />
      {w.memberMarks[mark]}
    </span>
  );
}

function Place({ member }: { member: Member }) {
  const places = [member.kecamatan_name, member.kabupaten_name].filter(Boolean) as string[];

  return (
    <>
      <a class="desa" href={linkPath(member.link) ?? "/dinding"}>
        {properName(member.desa_name ?? member.desa)}
      </a>
      <span class="under">
        {places.map(properName).join(", ")} · {member.provider}
      </span>
    </>
  );
}

export function Members(props: { incident: Incident }) {
  const { incident } = props;
  const w = useWords(words);
  const common = useCommon();
  const { answer, problem } = useAsked(
    () => fetchMembers(incident.id),
    [incident.id, incident.links, incident.lasting],
  );
  const names = w.memberColumns;
  const columns: Column<Member>[] = [
    { name: names.desa, head: true, cell: (member) => <Place member={member} /> },
    { name: names.state, cell: (member) => <Standing member={member} /> },
    { name: names.from, cell: ({ from, zone }) => wholeTime(from, zone, common) },
    { name: names.to, cell: ({ to, zone }) => (to ? wholeTime(to, zone, common) : "–") },
    { name: names.cause, cell: ({ cause }) => (cause ? (common.causes[cause] ?? cause) : "–") },
  ];

  if (problem) return <Problem of={problem} />;
  if (!answer) return <p class="soft">{common.loading}</p>;
  return (
    <Table
      caption={w.members}
      columns={columns}
      rows={answer}
      rowKey={(member) => `${member.link}-${member.from}`}
    />
  );
}
