select exists (select from user_roles where role = 'admin')
