// SPDX-License-Identifier: Apache-2.0
// One link in a few lines: in the tooltip, and at the side of the wall and the map.

import type { Link } from "../api/desa";
import { useNow } from "../live/context";
import { causeWords, dayWords, desaName, placeName, sinceWords } from "../parts/describe";
import { duration, lossPercent, milliseconds } from "../parts/format";
import { useCommon, useLanguage, useWords } from "../parts/language";
import { linkPath } from "../shell/paths";
import { StateBadge } from "./link-row";
import { words } from "./words";

function Figures(props: { link: Link; now: number }) {
  const { link } = props;
  const { columns } = useWords(words);
  const common = useCommon();
  const language = useLanguage();
  const age = link.last_report
    ? common.ago(duration((props.now - Date.parse(link.last_report)) / 1000, common))
    : common.neverReported;
  const pairs: [string, string][] = [
    [columns.provider, `${link.provider}, ${common.kinds[link.kind] ?? link.kind}`],
    [columns.report, age],
    [columns.rtt, milliseconds(link.rtt_us, language)],
    [columns.loss, lossPercent(link.loss_ppm, language)],
    [columns.day, dayWords(link, language)],
  ];

  return (
    <dl class="pairs">
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Details(props: { link: Link; full: boolean }) {
  const { link } = props;
  const common = useCommon();
  const now = useNow();
  const path = linkPath(link.link);
  const cause = causeWords(link, common);

  return (
    <div class="details">
      <p class="details-name">
        {desaName(link)}
        <span class="under">{placeName(link)}</span>
      </p>
      <StateBadge link={link} words={common} />
      {cause && <p class="details-cause">{cause}</p>}
      {link.since && <p class="soft">{sinceWords(link, now, common)}</p>}
      <Figures link={link} now={now} />
      {props.full && path && <a href={path}>{useWords(words).open}</a>}
    </div>
  );
}
