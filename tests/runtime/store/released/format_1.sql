BEGIN TRANSACTION;
CREATE TABLE call (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	subject TEXT, 
	subject__n TEXT, 
	outcome TEXT, 
	outcome__n TEXT, 
	duration BIGINT, 
	body TEXT, 
	body__n TEXT, 
	owner TEXT, 
	PRIMARY KEY (bucket, id)
);
CREATE TABLE company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	name TEXT, 
	name__n TEXT, 
	domain TEXT, 
	domain__n TEXT, 
	industry TEXT, 
	industry__n TEXT, 
	owner TEXT, 
	PRIMARY KEY (bucket, id)
);
CREATE TABLE contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	email TEXT, 
	email__n TEXT, 
	first_name TEXT, 
	first_name__n TEXT, 
	last_name TEXT, 
	last_name__n TEXT, 
	phone TEXT, 
	phone__n TEXT, 
	country TEXT, 
	country__n TEXT, 
	time_zone TEXT, 
	time_zone__n TEXT, 
	language TEXT, 
	language__n TEXT, 
	owner TEXT, 
	lifecycle_stage TEXT DEFAULT 'subscriber', 
	"plan" TEXT, 
	PRIMARY KEY (bucket, id)
);
INSERT INTO "contact" VALUES(62,8673936858089120830,'bob',1772442000000000,'bob@x.example','bob@x.example',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'rep','subscriber','trial');
INSERT INTO "contact" VALUES(239,5192141246621830127,'ann',1772442000000000,'ann@x.example','ann@x.example',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'rep','subscriber','trial');
INSERT INTO "contact" VALUES(52,7275184710687061812,'cyd',1772528400000000,'cyd@x.example','cyd@x.example',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'rep','subscriber','trial');
CREATE TABLE deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	name TEXT, 
	name__n TEXT, 
	amount BIGINT, 
	owner TEXT, 
	close_on DATE, 
	pipeline TEXT DEFAULT 'sales', 
	stage TEXT, 
	PRIMARY KEY (bucket, id)
);
CREATE TABLE email (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	subject TEXT, 
	subject__n TEXT, 
	body TEXT, 
	body__n TEXT, 
	direction TEXT DEFAULT 'sent', 
	owner TEXT, 
	PRIMARY KEY (bucket, id)
);
CREATE TABLE event_abandoned_cart (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	total BIGINT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_attended (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	event TEXT, 
	event__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_booked_meeting (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	host TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_bounced (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	enrollment_id BIGINT, 
	ordinal INTEGER, 
	kind TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_clicked_email (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	class TEXT, 
	enrollment_id BIGINT, 
	ordinal INTEGER, 
	template TEXT, 
	template__n TEXT, 
	link_url TEXT, 
	link_url__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_downloaded (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	asset TEXT, 
	asset__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_marked_spam (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	enrollment_id BIGINT, 
	ordinal INTEGER, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_opened_email (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	class TEXT, 
	enrollment_id BIGINT, 
	ordinal INTEGER, 
	template TEXT, 
	template__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_purchased (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	product TEXT, 
	product__n TEXT, 
	amount BIGINT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_received_email (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	enrollment_id BIGINT, 
	ordinal INTEGER, 
	template TEXT, 
	template__n TEXT, 
	topic TEXT, 
	topic__n TEXT, 
	link TEXT, 
	link__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
INSERT INTO "event_received_email" VALUES(52,7275184710687061812,1772528400000000,4194612,4,1,'intro','intro','news','news',NULL,NULL);
INSERT INTO "event_received_email" VALUES(62,8673936858089120830,1772697600000000,6291774,6,1,'intro','intro','news','news',NULL,NULL);
INSERT INTO "event_received_email" VALUES(239,5192141246621830127,1772442000000000,2097647,2,1,'intro','intro','news','news',NULL,NULL);
CREATE TABLE event_registered_for (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	event TEXT, 
	event__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_replied (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	enrollment_id BIGINT, 
	ordinal INTEGER, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
INSERT INTO "event_replied" VALUES(239,5192141246621830127,1772625600000000,4940343267928655947,NULL,NULL);
CREATE TABLE event_searched (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	terms TEXT, 
	terms__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_submitted_form (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	form TEXT, 
	form__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_submitted_survey (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	survey TEXT, 
	survey__n TEXT, 
	score NUMERIC, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_subscribed (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	topic TEXT, 
	topic__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_unsubscribed (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	enrollment_id BIGINT, 
	ordinal INTEGER, 
	topic TEXT, 
	topic__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_viewed_page (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	path TEXT, 
	path__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_was_called (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	outcome TEXT, 
	outcome__n TEXT, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE event_was_met (
	bucket SMALLINT NOT NULL, 
	record_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	id BIGINT NOT NULL, 
	PRIMARY KEY (bucket, record_id, at, id)
)
 WITHOUT ROWID

;
CREATE TABLE link_call_company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_call_contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_call_deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_call_ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_company_call (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_company_contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_company_deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_company_logged_email (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_company_meeting (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_company_note (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_company_task (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_company_ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_contact_call (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_contact_company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_contact_deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_contact_logged_email (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_contact_meeting (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_contact_note (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_contact_task (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_contact_ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_deal_call (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_deal_company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_deal_contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_deal_logged_email (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_deal_meeting (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_deal_note (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_deal_task (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_deal_ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_email_company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_email_contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_email_deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_email_ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_meeting_company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_meeting_contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_meeting_deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_meeting_ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_note_company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_note_contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_note_deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_note_ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_task_company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_task_contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_task_deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_task_ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_ticket_call (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_ticket_company (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_ticket_contact (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_ticket_deal (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_ticket_logged_email (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_ticket_meeting (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_ticket_note (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE link_ticket_task (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	to_bucket SMALLINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, to_bucket, to_id)
)
 WITHOUT ROWID

;
CREATE TABLE meeting (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	subject TEXT, 
	subject__n TEXT, 
	starts_at BIGINT, 
	ends_at BIGINT, 
	outcome TEXT, 
	outcome__n TEXT, 
	body TEXT, 
	body__n TEXT, 
	owner TEXT, 
	PRIMARY KEY (bucket, id)
);
CREATE TABLE note (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	body TEXT, 
	body__n TEXT, 
	owner TEXT, 
	PRIMARY KEY (bucket, id)
);
CREATE TABLE segue_activity (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	event TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	first_at BIGINT NOT NULL, 
	last_at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, id, event)
);
INSERT INTO "segue_activity" VALUES(239,5192141246621830127,'received_email',1,1772442000000000,1772442000000000);
INSERT INTO "segue_activity" VALUES(52,7275184710687061812,'received_email',1,1772528400000000,1772528400000000);
INSERT INTO "segue_activity" VALUES(239,5192141246621830127,'replied',1,1772625600000000,1772625600000000);
INSERT INTO "segue_activity" VALUES(62,8673936858089120830,'received_email',1,1772697600000000,1772697600000000);
CREATE TABLE segue_consent (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	topic TEXT NOT NULL, 
	state TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	basis TEXT, 
	source TEXT, 
	words TEXT, 
	PRIMARY KEY (bucket, id, topic)
);
CREATE TABLE segue_definition (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	label TEXT NOT NULL, 
	activated_at BIGINT NOT NULL, 
	vanished_at BIGINT, 
	program TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "segue_definition" VALUES(1,'sequence','follow','Follow up',1772406000000000,NULL,'{"_":"Definition","name":"follow","label":"Follow up","trigger":{"_":"OnCondition","condition":{"_":"InSegment","segment":"trials"}},"only":null,"again":{"_":"Again","policy":"never"},"existing":false,"exclusive":true,"priority":0,"late_engagement":"log","guards":{"_":"Guards","stop_on":[[{"_":"EventMatch","event":"unsubscribed","filter":{"_":"AnyOf","parts":[{"_":"Missing","left":{"_":"EventValue","field":"topic","type":{"_":"Type","kind":"text"}}},{"_":"OneOf","left":{"_":"EventValue","field":"topic","type":{"_":"Type","kind":"text"}},"options":[{"_":"Const","value":"news","type":{"_":"Type","kind":"text"}}]}]}},"unsubscribed"],[{"_":"EventMatch","event":"bounced","filter":{"_":"Compare","left":{"_":"EventValue","field":"kind","type":{"_":"Type","kind":"choice","options":["hard","soft"]}},"op":"=","right":{"_":"Const","value":"hard","type":{"_":"Type","kind":"choice","options":["hard","soft"]}}}},"bounce"],[{"_":"EventMatch","event":"marked_spam"},"spam"],[{"_":"EventMatch","event":"replied"},"reply"],[{"_":"EventMatch","event":"booked_meeting"},"meeting"]]},"pinned":{"_":"Pinned","kind":"sequence","object":"contact","graph":{"_":"Graph","blocks":[{"_":"Send","template":"intro","next":1},{"_":"Wait","length":{"_":"Duration","n":3,"unit":"days"},"next":2},{"_":"Send","template":"last","next":3},{"_":"Finish"}]},"sender":{"_":"UserRef","value":{"_":"Const","value":"rep","type":{"_":"Type","kind":"user"}}}}}');
CREATE TABLE segue_due (
	part TEXT NOT NULL, 
	at BIGINT, 
	PRIMARY KEY (part)
);
CREATE TABLE segue_enrollment (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	contact_id BIGINT NOT NULL, 
	definition_id INTEGER NOT NULL, 
	version_id INTEGER NOT NULL, 
	nr INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	reason TEXT, 
	detail TEXT, 
	block INTEGER NOT NULL, 
	due BIGINT, 
	began_at BIGINT, 
	waited BOOLEAN DEFAULT false NOT NULL, 
	ordinal INTEGER NOT NULL, 
	enrolled_at BIGINT NOT NULL, 
	entered_at BIGINT NOT NULL, 
	enrolled_by TEXT, 
	by_hand BOOLEAN NOT NULL, 
	sender TEXT, 
	zone TEXT NOT NULL, 
	person_zone TEXT NOT NULL, 
	trigger_event TEXT, 
	trigger_at BIGINT, 
	trigger_id BIGINT, 
	paused_at BIGINT, 
	resume_due BIGINT, 
	resume_status TEXT, 
	engaged_at BIGINT, 
	ended_at BIGINT, 
	evidence BIGINT, 
	last_step_at BIGINT, 
	last_step TEXT, 
	PRIMARY KEY (bucket, id)
);
INSERT INTO "segue_enrollment" VALUES(239,2,5192141246621830127,1,1,1,'unenrolled','reply',NULL,2,NULL,NULL,1,3,1772442000000000,1772442000000000,'rep',0,'rep','Europe/Warsaw','Europe/Warsaw',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1772625600000000,4940343267928655947,1772442000000000,'send intro');
INSERT INTO "segue_enrollment" VALUES(52,4,7275184710687061812,1,1,1,'active',NULL,NULL,2,1772787600000000,NULL,1,2,1772528400000000,1772528400000000,'rep',0,'rep','Europe/Warsaw','Europe/Warsaw',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1772528400000000,'send intro');
INSERT INTO "segue_enrollment" VALUES(62,6,8673936858089120830,1,1,1,'active',NULL,NULL,2,1772956800000000,NULL,1,2,1772697600000000,1772697600000000,'rep',0,'rep','Europe/Warsaw','Europe/Warsaw',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1772697600000000,'send intro');
CREATE TABLE segue_imported (
	bucket SMALLINT NOT NULL, 
	"key" BIGINT NOT NULL, 
	digest BIGINT NOT NULL, 
	PRIMARY KEY (bucket, "key")
)
 WITHOUT ROWID

;
CREATE TABLE segue_inbox (
	bucket SMALLINT NOT NULL, 
	at BIGINT NOT NULL, 
	"key" TEXT NOT NULL, 
	rank BIGINT DEFAULT '0' NOT NULL, 
	kind TEXT NOT NULL, 
	object TEXT NOT NULL, 
	id BIGINT NOT NULL, 
	name TEXT, 
	fields TEXT DEFAULT '' NOT NULL, 
	payload TEXT DEFAULT '{}' NOT NULL, 
	live BOOLEAN NOT NULL, 
	received_at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, at, "key")
);
CREATE TABLE segue_lease (
	bucket SMALLINT NOT NULL, 
	owner TEXT, 
	token BIGINT NOT NULL, 
	until BIGINT, 
	PRIMARY KEY (bucket)
);
CREATE TABLE segue_membership (
	bucket SMALLINT NOT NULL, 
	segment_id INTEGER NOT NULL, 
	id BIGINT NOT NULL, 
	joined_at BIGINT NOT NULL, 
	left_at BIGINT, 
	PRIMARY KEY (bucket, segment_id, id, joined_at)
);
INSERT INTO "segue_membership" VALUES(239,1,5192141246621830127,1772442000000000,NULL);
INSERT INTO "segue_membership" VALUES(239,2,5192141246621830127,1772442000000000,NULL);
INSERT INTO "segue_membership" VALUES(52,1,7275184710687061812,1772528400000000,NULL);
INSERT INTO "segue_membership" VALUES(52,2,7275184710687061812,1772528400000000,NULL);
INSERT INTO "segue_membership" VALUES(62,1,8673936858089120830,1772697600000000,NULL);
INSERT INTO "segue_membership" VALUES(62,2,8673936858089120830,1772697600000000,NULL);
CREATE TABLE segue_meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "segue_meta" VALUES('format','1');
INSERT INTO "segue_meta" VALUES('store_id','cb14c4e0890648a6bb4915c91b246ed4');
INSERT INTO "segue_meta" VALUES('schema','{"events":{"abandoned_cart":{"classed":false,"fields":{"total":{"currency":"EUR","kind":"money"}},"mail":false,"of":"contact"},"attended":{"classed":false,"fields":{"event":{"kind":"text"}},"mail":false,"of":"contact"},"booked_meeting":{"classed":false,"fields":{"host":{"kind":"user"}},"mail":false,"of":"contact"},"bounced":{"classed":false,"fields":{"kind":{"kind":"choice","options":["hard","soft"]}},"mail":true,"of":"contact"},"clicked_email":{"classed":true,"fields":{"link_url":{"kind":"text"},"template":{"kind":"text"}},"mail":true,"of":"contact"},"downloaded":{"classed":false,"fields":{"asset":{"kind":"text"}},"mail":false,"of":"contact"},"marked_spam":{"classed":false,"fields":{},"mail":true,"of":"contact"},"opened_email":{"classed":true,"fields":{"template":{"kind":"text"}},"mail":true,"of":"contact"},"purchased":{"classed":false,"fields":{"amount":{"currency":"EUR","kind":"money"},"product":{"kind":"text"}},"mail":false,"of":"contact"},"received_email":{"classed":false,"fields":{"link":{"kind":"text"},"template":{"kind":"text"},"topic":{"kind":"text"}},"mail":true,"of":"contact"},"registered_for":{"classed":false,"fields":{"event":{"kind":"text"}},"mail":false,"of":"contact"},"replied":{"classed":false,"fields":{},"mail":true,"of":"contact"},"searched":{"classed":false,"fields":{"terms":{"kind":"text"}},"mail":false,"of":"contact"},"submitted_form":{"classed":false,"fields":{"form":{"kind":"text"}},"mail":false,"of":"contact"},"submitted_survey":{"classed":false,"fields":{"score":{"kind":"number"},"survey":{"kind":"text"}},"mail":false,"of":"contact"},"subscribed":{"classed":false,"fields":{"topic":{"kind":"text"}},"mail":false,"of":"contact"},"unsubscribed":{"classed":false,"fields":{"topic":{"kind":"text"}},"mail":true,"of":"contact"},"viewed_page":{"classed":false,"fields":{"path":{"kind":"text"}},"mail":false,"of":"contact"},"was_called":{"classed":false,"fields":{"outcome":{"kind":"text"}},"mail":false,"of":"contact"},"was_met":{"classed":false,"fields":{},"mail":false,"of":"contact"}},"objects":{"call":{"key":null,"links":{"company":{"inverse":"call","many":true,"target":"company"},"contact":{"inverse":"call","many":true,"target":"contact"},"deal":{"inverse":"call","many":true,"target":"deal"},"ticket":{"inverse":"call","many":true,"target":"ticket"}},"properties":{"body":{"kind":"text"},"created_at":{"kind":"datetime"},"duration":{"kind":"duration"},"outcome":{"kind":"text"},"owner":{"kind":"user"},"subject":{"kind":"text"}}},"company":{"key":null,"links":{"call":{"inverse":"company","many":true,"target":"call"},"contact":{"inverse":"company","many":true,"target":"contact"},"deal":{"inverse":"company","many":true,"target":"deal"},"logged_email":{"inverse":"company","many":true,"target":"email"},"meeting":{"inverse":"company","many":true,"target":"meeting"},"note":{"inverse":"company","many":true,"target":"note"},"task":{"inverse":"company","many":true,"target":"task"},"ticket":{"inverse":"company","many":true,"target":"ticket"}},"properties":{"created_at":{"kind":"datetime"},"domain":{"kind":"text"},"industry":{"kind":"text"},"name":{"kind":"text"},"owner":{"kind":"user"}}},"contact":{"key":null,"links":{"call":{"inverse":"contact","many":true,"target":"call"},"company":{"inverse":"contact","many":false,"target":"company"},"deal":{"inverse":"contact","many":true,"target":"deal"},"logged_email":{"inverse":"contact","many":true,"target":"email"},"meeting":{"inverse":"contact","many":true,"target":"meeting"},"note":{"inverse":"contact","many":true,"target":"note"},"task":{"inverse":"contact","many":true,"target":"task"},"ticket":{"inverse":"contact","many":true,"target":"ticket"}},"properties":{"country":{"kind":"text"},"created_at":{"kind":"datetime"},"email":{"kind":"text"},"first_name":{"kind":"text"},"language":{"kind":"text"},"last_name":{"kind":"text"},"lifecycle_stage":{"default":"subscriber","kind":"choice","options":["subscriber","lead","mql","sql","opportunity","customer","evangelist","other"]},"owner":{"kind":"user"},"phone":{"kind":"text"},"plan":{"kind":"choice","options":["free","trial","paid"]},"time_zone":{"kind":"text"}}},"deal":{"key":null,"links":{"call":{"inverse":"deal","many":true,"target":"call"},"company":{"inverse":"deal","many":true,"target":"company"},"contact":{"inverse":"deal","many":true,"target":"contact"},"logged_email":{"inverse":"deal","many":true,"target":"email"},"meeting":{"inverse":"deal","many":true,"target":"meeting"},"note":{"inverse":"deal","many":true,"target":"note"},"task":{"inverse":"deal","many":true,"target":"task"},"ticket":{"inverse":"deal","many":true,"target":"ticket"}},"properties":{"amount":{"currency":"EUR","kind":"money"},"close_on":{"kind":"date"},"created_at":{"kind":"datetime"},"name":{"kind":"text"},"owner":{"kind":"user"},"pipeline":{"default":"sales","kind":"choice","options":["sales"]},"stage":{"kind":"choice","options":["appointment","qualified","proposal","contract","won","lost"]}}},"email":{"key":null,"links":{"company":{"inverse":"logged_email","many":true,"target":"company"},"contact":{"inverse":"logged_email","many":true,"target":"contact"},"deal":{"inverse":"logged_email","many":true,"target":"deal"},"ticket":{"inverse":"logged_email","many":true,"target":"ticket"}},"properties":{"body":{"kind":"text"},"created_at":{"kind":"datetime"},"direction":{"default":"sent","kind":"choice","options":["sent","received"]},"owner":{"kind":"user"},"subject":{"kind":"text"}}},"meeting":{"key":null,"links":{"company":{"inverse":"meeting","many":true,"target":"company"},"contact":{"inverse":"meeting","many":true,"target":"contact"},"deal":{"inverse":"meeting","many":true,"target":"deal"},"ticket":{"inverse":"meeting","many":true,"target":"ticket"}},"properties":{"body":{"kind":"text"},"created_at":{"kind":"datetime"},"ends_at":{"kind":"datetime"},"outcome":{"kind":"text"},"owner":{"kind":"user"},"starts_at":{"kind":"datetime"},"subject":{"kind":"text"}}},"note":{"key":null,"links":{"company":{"inverse":"note","many":true,"target":"company"},"contact":{"inverse":"note","many":true,"target":"contact"},"deal":{"inverse":"note","many":true,"target":"deal"},"ticket":{"inverse":"note","many":true,"target":"ticket"}},"properties":{"body":{"kind":"text"},"created_at":{"kind":"datetime"},"owner":{"kind":"user"}}},"task":{"key":null,"links":{"company":{"inverse":"task","many":true,"target":"company"},"contact":{"inverse":"task","many":true,"target":"contact"},"deal":{"inverse":"task","many":true,"target":"deal"},"ticket":{"inverse":"task","many":true,"target":"ticket"}},"properties":{"created_at":{"kind":"datetime"},"done_at":{"kind":"datetime"},"due_at":{"kind":"datetime"},"kind":{"kind":"text"},"owner":{"kind":"user"},"priority":{"default":"medium","kind":"choice","options":["low","medium","high"]},"status":{"default":"open","kind":"choice","options":["open","done","skipped"]},"subject":{"kind":"text"}}},"ticket":{"key":null,"links":{"call":{"inverse":"ticket","many":true,"target":"call"},"company":{"inverse":"ticket","many":true,"target":"company"},"contact":{"inverse":"ticket","many":true,"target":"contact"},"deal":{"inverse":"ticket","many":true,"target":"deal"},"logged_email":{"inverse":"ticket","many":true,"target":"email"},"meeting":{"inverse":"ticket","many":true,"target":"meeting"},"note":{"inverse":"ticket","many":true,"target":"note"},"task":{"inverse":"ticket","many":true,"target":"task"}},"properties":{"created_at":{"kind":"datetime"},"kind":{"kind":"text"},"owner":{"kind":"user"},"pipeline":{"default":"support","kind":"choice","options":["support"]},"priority":{"default":"medium","kind":"choice","options":["low","medium","high"]},"stage":{"kind":"choice","options":["new","waiting_on_contact","waiting_on_us","closed"]},"subject":{"kind":"text"}}}}}');
INSERT INTO "segue_meta" VALUES('schema_hash','b06e88bf33def8dff665c7da3fe767412af5d8145c9ccf0d3fc2586f3e9c8ac6');
INSERT INTO "segue_meta" VALUES('templates','{"intro":"ac230862523079a1daebcf3683bcff49","last":"fff2b254b613ccb80eae509b2ba87151"}');
INSERT INTO "segue_meta" VALUES('clock','1772708400000000');
INSERT INTO "segue_meta" VALUES('working','1772697600000000');
CREATE TABLE segue_notification (
	bucket SMALLINT NOT NULL, 
	enrollment_id BIGINT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	contact_id BIGINT NOT NULL, 
	recipient TEXT, 
	words TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, enrollment_id, ordinal)
);
CREATE TABLE segue_outbox (
	bucket SMALLINT NOT NULL, 
	enrollment_id BIGINT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	contact_id BIGINT NOT NULL, 
	definition_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	template TEXT NOT NULL, 
	template_hash TEXT, 
	subject TEXT, 
	topic TEXT NOT NULL, 
	sender TEXT, 
	address TEXT, 
	"key" TEXT, 
	automated BOOLEAN NOT NULL, 
	due BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT, 
	owner TEXT, 
	settled_at BIGINT, 
	PRIMARY KEY (bucket, enrollment_id, ordinal)
);
INSERT INTO "segue_outbox" VALUES(239,2,1,5192141246621830127,1,'email','intro','0695b615b6b5b1466a79f512f5c0c7cc','Intro','news','rep','ann@x.example','cb14c4e08906.239.2.1',0,1772442000000000,'sent',NULL,'worker',1772442000000000);
INSERT INTO "segue_outbox" VALUES(52,4,1,7275184710687061812,1,'email','intro','0695b615b6b5b1466a79f512f5c0c7cc','Intro','news','rep','cyd@x.example','cb14c4e08906.52.4.1',0,1772528400000000,'sent',NULL,'worker',1772528400000000);
INSERT INTO "segue_outbox" VALUES(62,6,1,8673936858089120830,1,'email','intro','0695b615b6b5b1466a79f512f5c0c7cc','Intro','news','rep','bob@x.example','cb14c4e08906.62.6.1',0,1772697600000000,'sent',NULL,'worker',1772697600000000);
CREATE TABLE segue_property_history (
	bucket SMALLINT NOT NULL, 
	object TEXT NOT NULL, 
	id BIGINT NOT NULL, 
	property TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	seq INTEGER NOT NULL, 
	old TEXT, 
	new TEXT, 
	cause TEXT, 
	PRIMARY KEY (bucket, object, id, property, at, seq)
);
INSERT INTO "segue_property_history" VALUES(62,'contact',8673936858089120830,'plan',1772697600000000,0,'free','trial','6174275c19fa9451');
CREATE TABLE segue_refusal (
	bucket SMALLINT NOT NULL, 
	contact_id BIGINT NOT NULL, 
	definition_id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	detail TEXT, 
	PRIMARY KEY (bucket, contact_id, definition_id, at)
);
CREATE TABLE segue_segment (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	label TEXT NOT NULL, 
	object TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	vanished_at BIGINT, 
	PRIMARY KEY (id)
);
INSERT INTO "segue_segment" VALUES(1,'segment','trials','Trials','contact','2ac88ad7954bbb48a432d5ad1491066b',NULL);
INSERT INTO "segue_segment" VALUES(2,'when:sequence','follow','Follow up','contact','63d603529f16107455dad347988a2c2e',NULL);
CREATE TABLE segue_step (
	bucket SMALLINT NOT NULL, 
	enrollment_id BIGINT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	block INTEGER, 
	what TEXT NOT NULL, 
	name TEXT, 
	outcome TEXT NOT NULL, 
	detail TEXT, 
	PRIMARY KEY (bucket, enrollment_id, ordinal)
);
INSERT INTO "segue_step" VALUES(239,2,0,1772442000000000,NULL,'entered',NULL,'active','rep');
INSERT INTO "segue_step" VALUES(239,2,1,1772442000000000,0,'send','intro','planned',NULL);
INSERT INTO "segue_step" VALUES(239,2,2,1772442000000000,0,'send','intro','sent',NULL);
INSERT INTO "segue_step" VALUES(52,4,0,1772528400000000,NULL,'entered',NULL,'active','rep');
INSERT INTO "segue_step" VALUES(52,4,1,1772528400000000,0,'send','intro','planned',NULL);
INSERT INTO "segue_step" VALUES(52,4,2,1772528400000000,0,'send','intro','sent',NULL);
INSERT INTO "segue_step" VALUES(239,2,3,1772625600000000,NULL,'ended','unenrolled','reply',NULL);
INSERT INTO "segue_step" VALUES(62,6,0,1772697600000000,NULL,'entered',NULL,'active','rep');
INSERT INTO "segue_step" VALUES(62,6,1,1772697600000000,0,'send','intro','planned',NULL);
INSERT INTO "segue_step" VALUES(62,6,2,1772697600000000,0,'send','intro','sent',NULL);
CREATE TABLE segue_suppression (
	bucket SMALLINT NOT NULL, 
	address TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (bucket, address)
);
CREATE TABLE segue_task (
	bucket SMALLINT NOT NULL, 
	enrollment_id BIGINT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	contact_id BIGINT NOT NULL, 
	definition_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	template TEXT, 
	assignee TEXT, 
	priority TEXT, 
	created_at BIGINT NOT NULL, 
	due_at BIGINT, 
	remind_at BIGINT, 
	waits BOOLEAN NOT NULL, 
	block INTEGER NOT NULL, 
	name TEXT, 
	state TEXT NOT NULL, 
	done_at BIGINT, 
	note TEXT, 
	PRIMARY KEY (bucket, enrollment_id, ordinal)
);
CREATE TABLE segue_user (
	name TEXT NOT NULL, 
	label TEXT NOT NULL, 
	email TEXT, 
	time_zone TEXT, 
	active BOOLEAN DEFAULT true NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "segue_user" VALUES('rep','Rep One','rep@x.example',NULL,1);
INSERT INTO "segue_user" VALUES('amy','Amy Two','amy@x.example','Asia/Tokyo',1);
INSERT INTO "segue_user" VALUES('gone','Gone','gone@x.example',NULL,0);
INSERT INTO "segue_user" VALUES('mute','Mute',NULL,NULL,1);
CREATE TABLE segue_version (
	id INTEGER NOT NULL, 
	definition_id INTEGER NOT NULL, 
	hash TEXT NOT NULL, 
	program TEXT NOT NULL, 
	first_seen_at BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "segue_version" VALUES(1,1,'4596bd387fa9f2e1ab469bfb7d03ecf1','{"_":"Pinned","kind":"sequence","object":"contact","graph":{"_":"Graph","blocks":[{"_":"Send","template":"intro","next":1},{"_":"Wait","length":{"_":"Duration","n":3,"unit":"days"},"next":2},{"_":"Send","template":"last","next":3},{"_":"Finish"}]},"sender":{"_":"UserRef","value":{"_":"Const","value":"rep","type":{"_":"Type","kind":"user"}}}}',1772406000000000);
CREATE TABLE task (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	subject TEXT, 
	subject__n TEXT, 
	kind TEXT, 
	kind__n TEXT, 
	status TEXT DEFAULT 'open', 
	priority TEXT DEFAULT 'medium', 
	due_at BIGINT, 
	done_at BIGINT, 
	owner TEXT, 
	PRIMARY KEY (bucket, id)
);
CREATE TABLE ticket (
	bucket SMALLINT NOT NULL, 
	id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	subject TEXT, 
	subject__n TEXT, 
	priority TEXT DEFAULT 'medium', 
	kind TEXT, 
	kind__n TEXT, 
	owner TEXT, 
	pipeline TEXT DEFAULT 'support', 
	stage TEXT, 
	PRIMARY KEY (bucket, id)
);
CREATE UNIQUE INDEX segue_definition_name ON segue_definition (kind, name);
CREATE UNIQUE INDEX segue_version_hash ON segue_version (definition_id, hash);
CREATE UNIQUE INDEX segue_segment_name ON segue_segment (kind, name);
CREATE INDEX segue_inbox_at ON segue_inbox (at, bucket);
CREATE INDEX segue_property_history_at ON segue_property_history (object, property, at);
CREATE INDEX segue_activity_last ON segue_activity (event, last_at);
CREATE UNIQUE INDEX segue_membership_now ON segue_membership (segment_id, bucket, id) WHERE left_at IS NULL;
CREATE UNIQUE INDEX segue_enrollment_contact ON segue_enrollment (bucket, contact_id, definition_id, nr);
CREATE INDEX segue_enrollment_definition ON segue_enrollment (definition_id, status, enrolled_at);
CREATE INDEX segue_enrollment_due ON segue_enrollment (due, bucket) WHERE due IS NOT NULL;
CREATE INDEX segue_outbox_open ON segue_outbox (due, state, bucket) WHERE settled_at IS NULL;
CREATE INDEX segue_outbox_contact ON segue_outbox (bucket, contact_id, settled_at);
CREATE INDEX segue_task_assignee ON segue_task (assignee, state, due_at);
CREATE INDEX segue_notification_recipient ON segue_notification (recipient, at);
CREATE INDEX idx_contact_created_at ON contact (created_at);
CREATE INDEX idx_contact_email__n ON contact (email__n);
CREATE INDEX idx_company_created_at ON company (created_at);
CREATE INDEX idx_deal_close_on ON deal (close_on);
CREATE INDEX idx_deal_created_at ON deal (created_at);
CREATE INDEX idx_ticket_created_at ON ticket (created_at);
CREATE INDEX idx_note_created_at ON note (created_at);
CREATE INDEX idx_call_created_at ON call (created_at);
CREATE INDEX idx_meeting_ends_at ON meeting (ends_at);
CREATE INDEX idx_meeting_created_at ON meeting (created_at);
CREATE INDEX idx_meeting_starts_at ON meeting (starts_at);
CREATE INDEX idx_email_created_at ON email (created_at);
CREATE INDEX idx_task_created_at ON task (created_at);
CREATE INDEX idx_task_done_at ON task (done_at);
CREATE INDEX idx_task_due_at ON task (due_at);
CREATE INDEX idx_event_received_email_at ON event_received_email (at, bucket, record_id);
CREATE INDEX idx_event_opened_email_at ON event_opened_email (at, bucket, record_id);
CREATE INDEX idx_event_clicked_email_at ON event_clicked_email (at, bucket, record_id);
CREATE INDEX idx_event_replied_at ON event_replied (at, bucket, record_id);
CREATE INDEX idx_event_bounced_at ON event_bounced (at, bucket, record_id);
CREATE INDEX idx_event_marked_spam_at ON event_marked_spam (at, bucket, record_id);
CREATE INDEX idx_event_unsubscribed_at ON event_unsubscribed (at, bucket, record_id);
CREATE INDEX idx_event_subscribed_at ON event_subscribed (at, bucket, record_id);
CREATE INDEX idx_event_booked_meeting_at ON event_booked_meeting (at, bucket, record_id);
CREATE INDEX idx_event_submitted_form_at ON event_submitted_form (at, bucket, record_id);
CREATE INDEX idx_event_submitted_survey_at ON event_submitted_survey (at, bucket, record_id);
CREATE INDEX idx_event_viewed_page_at ON event_viewed_page (at, bucket, record_id);
CREATE INDEX idx_event_downloaded_at ON event_downloaded (at, bucket, record_id);
CREATE INDEX idx_event_searched_at ON event_searched (at, bucket, record_id);
CREATE INDEX idx_event_purchased_at ON event_purchased (at, bucket, record_id);
CREATE INDEX idx_event_abandoned_cart_at ON event_abandoned_cart (at, bucket, record_id);
CREATE INDEX idx_event_registered_for_at ON event_registered_for (at, bucket, record_id);
CREATE INDEX idx_event_attended_at ON event_attended (at, bucket, record_id);
CREATE INDEX idx_event_was_called_at ON event_was_called (at, bucket, record_id);
CREATE INDEX idx_event_was_met_at ON event_was_met (at, bucket, record_id);
CREATE VIEW timeline AS SELECT bucket, record_id, at, 'received_email' AS event, id, 'contact' AS object FROM "event_received_email" UNION ALL SELECT bucket, record_id, at, 'opened_email' AS event, id, 'contact' AS object FROM "event_opened_email" UNION ALL SELECT bucket, record_id, at, 'clicked_email' AS event, id, 'contact' AS object FROM "event_clicked_email" UNION ALL SELECT bucket, record_id, at, 'replied' AS event, id, 'contact' AS object FROM "event_replied" UNION ALL SELECT bucket, record_id, at, 'bounced' AS event, id, 'contact' AS object FROM "event_bounced" UNION ALL SELECT bucket, record_id, at, 'marked_spam' AS event, id, 'contact' AS object FROM "event_marked_spam" UNION ALL SELECT bucket, record_id, at, 'unsubscribed' AS event, id, 'contact' AS object FROM "event_unsubscribed" UNION ALL SELECT bucket, record_id, at, 'subscribed' AS event, id, 'contact' AS object FROM "event_subscribed" UNION ALL SELECT bucket, record_id, at, 'booked_meeting' AS event, id, 'contact' AS object FROM "event_booked_meeting" UNION ALL SELECT bucket, record_id, at, 'submitted_form' AS event, id, 'contact' AS object FROM "event_submitted_form" UNION ALL SELECT bucket, record_id, at, 'submitted_survey' AS event, id, 'contact' AS object FROM "event_submitted_survey" UNION ALL SELECT bucket, record_id, at, 'viewed_page' AS event, id, 'contact' AS object FROM "event_viewed_page" UNION ALL SELECT bucket, record_id, at, 'downloaded' AS event, id, 'contact' AS object FROM "event_downloaded" UNION ALL SELECT bucket, record_id, at, 'searched' AS event, id, 'contact' AS object FROM "event_searched" UNION ALL SELECT bucket, record_id, at, 'purchased' AS event, id, 'contact' AS object FROM "event_purchased" UNION ALL SELECT bucket, record_id, at, 'abandoned_cart' AS event, id, 'contact' AS object FROM "event_abandoned_cart" UNION ALL SELECT bucket, record_id, at, 'registered_for' AS event, id, 'contact' AS object FROM "event_registered_for" UNION ALL SELECT bucket, record_id, at, 'attended' AS event, id, 'contact' AS object FROM "event_attended" UNION ALL SELECT bucket, record_id, at, 'was_called' AS event, id, 'contact' AS object FROM "event_was_called" UNION ALL SELECT bucket, record_id, at, 'was_met' AS event, id, 'contact' AS object FROM "event_was_met";
COMMIT;
