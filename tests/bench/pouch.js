/*
 * The peer of the sync bench: PouchDB 9 on LevelDB, and its own server.
 *
 *   node pouch.js FOLDER serve PORT DATA CERT KEY [plain]
 *                                                   express-pouchdb over TLS
 *   node pouch.js FOLDER seed DB FILE               records, one a line
 *   node pouch.js FOLDER edit DB N FROM TEXT
 *   node pouch.js FOLDER push|pull|sync DB URL
 *
 * FOLDER is where npm put the packages.  The defaults hold: batches of 100, a
 * connection a request.  The server packs its replies with gzip; plain: it does
 * not, as CouchDB, which stands in its place in production, does not.
 */
const fs = require('fs'), https = require('https'), path = require('path');
const [folder, what, ...args] = process.argv.slice(2);
const load = require('module').createRequire(path.resolve(folder, 'x.js'));
const PouchDB = load('pouchdb');

function serve(port, data, cert, key, plain) {
	const app = load('express')();
	fs.mkdirSync(data, { recursive: true });
	if (plain)
		app.use((request, reply, next) => {
			delete request.headers['accept-encoding'];
			next();
		});
	app.use('/', load('express-pouchdb')(
	    PouchDB.defaults({ prefix: data + '/' }),
	    { mode: 'minimumForPouchDB', inMemoryConfig: true,
	      logPath: data + '/log.txt' }));
	const server = https.createServer({ cert: fs.readFileSync(cert),
	    key: fs.readFileSync(key) }, app);
	server.listen(+port, '127.0.0.1', () =>
	    console.log('listening on ' + server.address().port));
}

async function seed(db, file) {
	const docs = fs.readFileSync(file, 'utf8').trim().split('\n').map(l => {
		const { id, rev, ...rest } = JSON.parse(l);
		return { _id: id, ...rest };
	});
	for (let i = 0; i < docs.length; i += 1000)
		await db.bulkDocs(docs.slice(i, i + 1000));
	return { docs: docs.length };
}

async function edit(db, n, from, text) {
	const all = await db.allDocs({ include_docs: true, limit: +n,
	    skip: +from });
	await db.bulkDocs(all.rows.map(({ doc }) => ({ ...doc, values: {
	    ...doc.values, claims: text + '：' +
	    (doc.values.claims || '').slice(0, 40) } })));
	return { edited: all.rows.length };
}

async function talk(db, url) {
	if (what === 'push')
		return { pushed: (await db.replicate.to(url)).docs_written };
	if (what === 'pull')
		return { pulled: (await db.replicate.from(url)).docs_written };
	const { push, pull } = await db.sync(url);
	return { pushed: push.docs_written, pulled: pull.docs_written };
}

async function main() {
	const db = new PouchDB(args[0], { revs_limit: 100 });
	const began = process.hrtime.bigint();
	const said = what === 'seed' ? await seed(db, args[1]) :
	    what === 'edit' ? await edit(db, ...args.slice(1)) :
	    await talk(db, args[1]);
	said.ms = Number(process.hrtime.bigint() - began) / 1e6;
	console.log(JSON.stringify(said));
	await db.close();
	process.exit(0);
}

if (what === 'serve')
	serve(...args);
else
	main().catch(e => {
		console.error(String(e && e.message || e));
		process.exit(1);
	});
