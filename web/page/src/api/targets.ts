// SPDX-License-Identifier: Apache-2.0
// The test server beside other targets, asked in the same rounds: a row a provider.

import { askJson } from "./ask";

export interface Targets {
  provider: string;
  links: number; // with such rounds
  pairs: number; // rounds in which both were asked
  only_test: number; // of these, answered by the test server alone
  only_rest: number;
  test_rtt_us: number;
  rest_rtt_us: number;
  rtt_gain_us: number; // how much longer the other took, median of the links
  others_rtt_gain_us: number; // the same of all other providers' links
  better: "loss" | "rtt" | "loss rtt" | null; // more than chance allows
}

export interface TargetList {
  month: string;
  chance_ppm: number;
  rows: Targets[];
}

export function fetchTargets(month: string, kabupaten: string): Promise<TargetList> {
  const query = new URLSearchParams({ month });
  if (kabupaten) query.set("kabupaten", kabupaten);
  return askJson<TargetList>(`/api/v1/targets?${query.toString()}`);
}
