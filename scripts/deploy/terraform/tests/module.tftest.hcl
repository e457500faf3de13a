variables {
  instances     = { one = "10.0.0.11", two = "10.0.0.12" }
  binary_url    = "https://artifacts.example.com/trunkline"
  binary_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  database_url  = "postgres://app:secret@db/trunkline"
  jwt_secret    = "0123456789abcdef0123456789abcdef"
  secrets_key   = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
  public_url    = "https://chat.example.com"
}

run "each_instance_gets_its_own" {
  command = plan
  assert {
    condition     = length(output.user_data) == 2 && startswith(output.user_data["one"], "#cloud-config\n")
    error_message = "not one for each"
  }
  assert {
    condition     = strcontains(output.user_data["two"], "TRUNKLINE_HTTP__ADDR=10.0.0.12:8000") && !strcontains(output.user_data["two"], "10.0.0.11")
    error_message = "not its own address"
  }
  assert {
    condition     = !strcontains(output.user_data["one"], "TRUSTED_PROXIES")
    error_message = "an empty list is not said"
  }
  assert {
    condition     = strcontains(output.user_data["one"], "NoNewPrivileges=true")
    error_message = "not the unit that lies beside"
  }
  assert {
    condition     = output.scrape_targets == ["10.0.0.11:8000", "10.0.0.12:8000"]
    error_message = "not all are scraped"
  }
}

run "what_cannot_be_is_refused" {
  command = plan
  variables {
    binary_url    = "http://artifacts.example.com/trunkline"
    binary_sha256 = "none"
    jwt_secret    = "short"
    instances     = { one = "nowhere" }
  }
  expect_failures = [var.binary_url, var.binary_sha256, var.jwt_secret, var.instances]
}
