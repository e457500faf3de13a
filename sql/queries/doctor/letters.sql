-- doctor/letters
-- Whether letters beyond English have their small ones, and I the one that everybody means: by the
-- rules of Unicode, whatever language the database was created for.
select folded('ÄЖI') = 'äжi'
