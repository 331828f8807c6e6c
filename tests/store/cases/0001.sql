-- A SQLite database as revision 0001 made it: schema and rows. Triggers fill the R*Tree.
BEGIN;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE clock (
	domain VARCHAR NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (domain)
);
CREATE TABLE layer (
	id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	position INTEGER NOT NULL,
	audience VARCHAR NOT NULL,
	version BIGINT NOT NULL,
	until BIGINT,
	features INTEGER NOT NULL,
	min_x DOUBLE,
	min_y DOUBLE,
	max_x DOUBLE,
	max_y DOUBLE,
	description VARCHAR NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (number)
);
CREATE TABLE feature (
	number INTEGER NOT NULL,
	layer VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	since BIGINT NOT NULL,
	ref VARCHAR,
	min_x DOUBLE,
	min_y DOUBLE,
	max_x DOUBLE,
	max_y DOUBLE,
	hash BLOB NOT NULL,
	title VARCHAR NOT NULL,
	attributes VARCHAR NOT NULL,
	wkb BLOB,
	PRIMARY KEY (number),
	FOREIGN KEY(layer) REFERENCES layer (id)
);
CREATE TABLE feature_past (
	number INTEGER NOT NULL,
	layer VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	since BIGINT NOT NULL,
	ref VARCHAR,
	min_x DOUBLE,
	min_y DOUBLE,
	max_x DOUBLE,
	max_y DOUBLE,
	hash BLOB NOT NULL,
	title VARCHAR NOT NULL,
	attributes VARCHAR NOT NULL,
	wkb BLOB,
	until BIGINT NOT NULL,
	PRIMARY KEY (number),
	CONSTRAINT feature_past_span CHECK (since < until),
	FOREIGN KEY(layer) REFERENCES layer (id)
);
CREATE TABLE cell (
	layer VARCHAR NOT NULL,
	rd_cell VARCHAR NOT NULL,
	since BIGINT NOT NULL,
	blob_sha VARCHAR NOT NULL,
	PRIMARY KEY (layer, rd_cell),
	FOREIGN KEY(layer) REFERENCES layer (id)
);
CREATE TABLE cell_past (
	layer VARCHAR NOT NULL,
	rd_cell VARCHAR NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	blob_sha VARCHAR NOT NULL,
	PRIMARY KEY (layer, rd_cell, since),
	CONSTRAINT cell_past_span CHECK (since < until),
	FOREIGN KEY(layer) REFERENCES layer (id)
);
CREATE TABLE place (
	hash BLOB NOT NULL,
	layer VARCHAR NOT NULL,
	feature_id VARCHAR NOT NULL,
	ref VARCHAR,
	kind VARCHAR NOT NULL,
	x DOUBLE NOT NULL,
	y DOUBLE NOT NULL,
	label VARCHAR NOT NULL,
	words VARCHAR NOT NULL,
	PRIMARY KEY (hash),
	FOREIGN KEY(layer) REFERENCES layer (id)
)
 WITHOUT ROWID
;
CREATE TABLE place_token (
	token VARCHAR NOT NULL,
	place BLOB NOT NULL,
	PRIMARY KEY (token, place)
)
 WITHOUT ROWID
;
CREATE TABLE document (
	kind VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	body VARCHAR NOT NULL,
	PRIMARY KEY (kind, "key")
);
CREATE VIRTUAL TABLE feature_box USING rtree(number, min_x, max_x, min_y, max_y, min_layer, max_layer);
CREATE UNIQUE INDEX feature_key ON feature (layer, id);
CREATE UNIQUE INDEX feature_past_key ON feature_past (layer, id, since);
CREATE INDEX feature_ref ON feature (ref, layer, id) WHERE ref IS NOT NULL;
CREATE INDEX feature_past_ref ON feature_past (ref, layer, id) WHERE ref IS NOT NULL;
CREATE INDEX place_feature ON place (layer, feature_id);
CREATE TRIGGER feature_box_insert AFTER INSERT ON feature BEGIN INSERT INTO feature_box SELECT NEW.number, NEW.min_x, NEW.max_x, NEW.min_y, NEW.max_y, 4096 * layer.number, 4096 * layer.number + 1024 FROM layer WHERE layer.id = NEW.layer AND NEW.min_x IS NOT NULL; END;
CREATE TRIGGER feature_box_delete AFTER DELETE ON feature BEGIN DELETE FROM feature_box WHERE number = OLD.number; END;
CREATE TRIGGER feature_box_update AFTER UPDATE OF number, layer, min_x, min_y, max_x, max_y ON feature BEGIN DELETE FROM feature_box WHERE number = OLD.number; INSERT INTO feature_box SELECT NEW.number, NEW.min_x, NEW.max_x, NEW.min_y, NEW.max_y, 4096 * layer.number, 4096 * layer.number + 1024 FROM layer WHERE layer.id = NEW.layer AND NEW.min_x IS NOT NULL; END;
INSERT INTO alembic_version (version_num) VALUES ('0001');
INSERT INTO clock (domain, n) VALUES ('city', 3);
INSERT INTO clock (domain, n) VALUES ('readings', 0);
INSERT INTO layer (id, number, position, audience, version, until, features, min_x, min_y, max_x, max_y, description) VALUES ('gebouwen', 0, 0, 'public', 2, NULL, 2, 120000.0, 487000.0, 120000.0, 487000.0, '{"id":"gebouwen","title":{"nl":"Gebouwen","en":""},"theme":{"en":"Buildings","nl":"Gebouwen"},"kind":"buildings","source":"BAG","licence":"CC0-1.0","licence_class":"A","date":"2025-01-01","steward":"Basisinformatie","audience":"public","description":{"nl":"","en":""},"missing":{"nl":"","en":""},"columns":[],"style":{"role":"plain","classes":{},"width_m":{},"label_column":"","visible":true},"invented":false}');
INSERT INTO layer (id, number, position, audience, version, until, features, min_x, min_y, max_x, max_y, description) VALUES ('meldingen', 1, 1, 'staff', 3, NULL, 1, 120010.0, 487010.0, 120010.0, 487010.0, '{"id":"meldingen","title":{"nl":"Gebouwen","en":""},"theme":{"en":"Buildings","nl":"Gebouwen"},"kind":"buildings","source":"BAG","licence":"CC0-1.0","licence_class":"A","date":"2025-01-01","steward":"Basisinformatie","audience":"staff","description":{"nl":"","en":""},"missing":{"nl":"","en":""},"columns":[],"style":{"role":"plain","classes":{},"width_m":{},"label_column":"","visible":true},"invented":false}');
INSERT INTO feature (number, layer, id, state, since, ref, min_x, min_y, max_x, max_y, hash, title, attributes, wkb) VALUES (1, 'gebouwen', 'c', 'published', 2, NULL, NULL, NULL, NULL, NULL, X'3981F88A1B280E320B05E6556C64DF41', '', '{}', NULL);
INSERT INTO feature (number, layer, id, state, since, ref, min_x, min_y, max_x, max_y, hash, title, attributes, wkb) VALUES (2, 'gebouwen', 'a', 'published', 2, 'NL.1', 120000.0, 487000.0, 120000.0, 487000.0, X'1BFC9F4B7FBE4090E29918936B49D0D6', 'Pand', '{"jaar":1901}', X'010100000000000000004CFD400000000060B91D41');
INSERT INTO feature (number, layer, id, state, since, ref, min_x, min_y, max_x, max_y, hash, title, attributes, wkb) VALUES (3, 'meldingen', 'm', 'published', 3, NULL, 120010.0, 487010.0, 120010.0, 487010.0, X'A97ABB910BDF92735D94D79D487D969E', '', '{}', X'010100000000000000A04CFD400000000088B91D41');
INSERT INTO feature_past (number, layer, id, state, since, ref, min_x, min_y, max_x, max_y, hash, title, attributes, wkb, until) VALUES (1, 'gebouwen', 'a', 'published', 1, 'NL.1', 120000.0, 487000.0, 120000.0, 487000.0, X'31FCA0BD96D35F9D2B6AE465CE057FC6', 'Pand', '{"jaar":1900}', X'010100000000000000004CFD400000000060B91D41', 2);
INSERT INTO feature_past (number, layer, id, state, since, ref, min_x, min_y, max_x, max_y, hash, title, attributes, wkb, until) VALUES (2, 'gebouwen', 'b', 'published', 1, NULL, 121000.5, 488000.25, 121000.5, 488000.25, X'F37AF3ADB75898049D88102605D66E97', '', '{}', X'010100000000000000888AFD400000000001C91D41', 2);
INSERT INTO cell (layer, rd_cell, since, blob_sha) VALUES ('gebouwen', '120_487', 2, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');
INSERT INTO cell_past (layer, rd_cell, since, until, blob_sha) VALUES ('gebouwen', '120_487', 1, 2, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO place (hash, layer, feature_id, ref, kind, x, y, label, words) VALUES (X'3BC04C5275BFC459003B986C59DD0A14', 'gebouwen', 'a', NULL, 'straat', 120000.25, 487000.5, 'Nieuwe Kade', ' nieuwe kade');
INSERT INTO place_token (token, place) VALUES ('kade', X'3BC04C5275BFC459003B986C59DD0A14');
INSERT INTO place_token (token, place) VALUES ('nieuwe', X'3BC04C5275BFC459003B986C59DD0A14');
INSERT INTO document (kind, key, body) VALUES ('twin', 'facts', '{"id":"stad"}');
COMMIT;
