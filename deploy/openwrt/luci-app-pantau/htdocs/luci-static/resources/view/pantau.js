// SPDX-License-Identifier: Apache-2.0
'use strict';
'require dom';
'require form';
'require poll';
'require rpc';
'require ui';
'require view';

// How the agent is, in a few lines; enrolling with a token; the settings that a technician changes.

const POLL_S = 5;

const callStatus = rpc.declare({ object: 'pantau', method: 'status', expect: { '': {} } });
const callEnrol = rpc.declare({
	object: 'pantau', method: 'enrol', params: [ 'token' ], expect: { '': {} }
});

const FAULTS = {
	carrier: _('No cable, or the modem is off.'),
	address: _('The provider gave no address.'),
	route: _('There is no way out.'),
	gateway: _('The provider\'s device does not answer.'),
	access: _('The line to the provider is down.'),
	upstream: _('The provider has no internet.'),
	loss: _('Much is lost on the way.'),
	other: _('The internet does not answer.')
};

function wanWords(status, number) {
	const told = (key) => status[`wan${number}_${key}`];
	if (!told('name'))
		return null;
	const states = { up: _('up'), down: _('down'), unknown: _('not known yet') };
	const fault = FAULTS[told('fault')];
	return [ `${told('name')} (${told('interface')})`,
		`${states[told('state')]}${fault ? `: ${fault}` : ''}` ];
}

function collectorWords(status) {
	if (status.connected)
		return _('connected to %s').format(status.collector);
	return _('not connected: %s').format(status.trouble_text || status.trouble);
}

const RENEWALS = {
	'': _('good until %s'),
	due: _('ends %s: the agent asks for a new one'),
	parked: _('expired %s: the centre must say yes'),
	refused: _('ends %s: the centre refuses to renew it')
};

function certificateWords(status) {
	const ends = new Date(status.certificate_expires_s * 1000).toISOString().slice(0, 10);
	return (RENEWALS[status.renewal] || RENEWALS['']).format(ends);
}

// [what, how it is], as many as there is something to say of.
function statusRows(status) {
	if (status.running === false)
		return [ [ _('Agent'), _('not running: nobody measures') ] ];
	return [
		wanWords(status, 1), wanWords(status, 2),
		[ _('Collector'), collectorWords(status) ],
		[ _('Waiting to be sent'), _('%d records').format(status.waiting || 0) ],
		status.spool_trouble ? [ _('Storage'), status.spool_trouble ] : null,
		status.clock_known ? null : [ _('Clock'), _('not known yet') ],
		status.certificate_expires_s ? [ _('Certificate'), certificateWords(status) ] : null,
		status.unjailed ? [ _('Jail'), _('not whole: %s').format(status.unjailed) ] : null
	].filter((row) => row);
}

function statusTable(status) {
	return E('table', { 'class': 'table' }, statusRows(status).map(([ what, how ]) =>
		E('tr', { 'class': 'tr' }, [
			E('td', { 'class': 'td left', 'width': '33%' }, [ what ]),
			E('td', { 'class': 'td left' }, [ how ])
		])));
}

// What the agent said stays on the page, whether it worked or not. In a list, as everything that others
// wrote: LuCI takes a bare text for HTML.
async function enrol(field, said) {
	const token = field.value.trim();
	if (!token)
		return;
	dom.content(said, [ _('Enrolling...') ]);
	const answer = await callEnrol(token).catch(
		(error) => ({ enrolled: false, words: error.message }));
	dom.content(said, [ answer.words ]);
	ui.addNotification(null, E('p', [ answer.enrolled ? _('This router is an agent now.')
		: _('Not enrolled: why is told below.') ]), answer.enrolled ? 'info' : 'warning');
	if (answer.enrolled)
		field.value = '';
}

function enrolBox() {
	const field = E('input', { 'class': 'cbi-input-text', 'autocomplete': 'off',
		'placeholder': 'pantau1:...', 'aria-label': _('Token') });
	const said = E('pre', {});
	return E('div', { 'class': 'cbi-section' }, [
		E('h3', [ _('Enrol') ]),
		E('p', [ _('With the token that the centre gave for this link. It works once.') ]),
		field, ' ',
		E('button', { 'class': 'btn cbi-button-apply',
			'click': ui.createHandlerFn(null, enrol, field, said) }, [ _('Enrol') ]),
		said
	]);
}

function settings() {
	const map = new form.Map('pantau', _('Settings'));
	const named = (name, title) => {
		const section = map.section(form.NamedSection, name, name, title);
		section.addremove = false;
		return section;
	};
	let option;

	const main = map.section(form.NamedSection, 'main', 'pantau', _('Agent'));
	option = main.option(form.Flag, 'enabled', _('Measure'));
	option.rmempty = false;

	const collector = named('collector', _('Collector'));
	option = collector.option(form.Value, 'address', _('Address'), _('Name or address, and port.'));
	option.placeholder = 'noc.example.id:7443';

	const agent = named('agent', _('Measuring'));
	option = agent.option(form.ListValue, 'profile', _('Profile'),
		_('"metered" asks and reports less often, where each byte is paid for.'));
	option.value('default');
	option.value('metered');

	const wan = named('wan', _('WAN'));
	wan.option(form.Value, 'network', _('Network'),
		_('The OpenWrt network that leads to the provider.'));
	option = wan.option(form.DynamicList, 'internet_targets', _('Internet targets'),
		_('Addresses in three different networks.'));
	option.datatype = 'ipaddr';

	const speed = named('speed', _('Speed tests'));
	option = speed.option(form.Value, 'month_bytes', _('Bytes a month'));
	option.datatype = 'uinteger';
	return map;
}

return view.extend({
	load: () => callStatus().catch(() => ({ running: false })),

	render: async function (status) {
		const table = E('div', {}, statusTable(status));
		poll.add(async () => dom.content(table, statusTable(await this.load())), POLL_S);
		return E('div', {}, [
			E('h2', [ 'Pantau Desa' ]),
			E('div', { 'class': 'cbi-section' }, table),
			enrolBox(),
			await settings().render()
		]);
	}
});
