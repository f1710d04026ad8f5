// SPDX-License-Identifier: Apache-2.0
// The links of an incident.

import { fetchMembers } from "../api/incidents";
import type { Incident, Member } from "../api/incidents";
import { properName, wholeTime } from "../parts/format";
import { useCommon, useWords } from "../parts/language";
import { StateMark } from "../parts/state-mark";
import { useAsked } from "../parts/use-asked";
import { linkPath } from "../shell/paths";
import { memberMark, shownMarks } from "./marks";
import { words } from "./words";

function Row(props: { member: Member }) {
  const { member } = props;
  const w = useWords(words);
  const common = useCommon();
  const mark = memberMark(member);
  const columns = w.memberColumns;
  const places = [member.kecamatan_name, member.kabupaten_name].filter(Boolean) as string[];

  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="place">
        <a class="desa" href={linkPath(member.link) ?? "/dinding"}>
          {properName(member.desa_name ?? member.desa)}
        </a>
        <span class="under">
          {places.map(properName).join(", ")} · {member.provider}
        </span>
      </th>
      <td role="cell" data-label={columns.state}>
        <span class={`badge state-${shownMarks[mark]}`}>
          <StateMark state={shownMarks[mark]} />
          {w.memberMarks[mark]}
        </span>
      </td>
      <td role="cell" data-label={columns.from}>
        {wholeTime(member.from, member.zone, common)}
      </td>
      <td role="cell" data-label={columns.to}>
        {member.to ? wholeTime(member.to, member.zone, common) : "–"}
      </td>
      <td role="cell" data-label={columns.cause}>
        {member.cause ? (common.causes[member.cause] ?? member.cause) : "–"}
      </td>
    </tr>
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

  if (problem) return <p class="problem">{common.failed(problem)}</p>;
  if (!answer) return <p class="soft">{common.loading}</p>;
  return (
    <table role="table" class="links">
      <caption>{w.members}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {Object.entries(w.memberColumns).map(([key, label]) => (
            <th key={key} role="columnheader" scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {answer.map((member) => (
          <Row key={`${member.link}-${member.from}`} member={member} />
        ))}
      </tbody>
    </table>
  );
}
