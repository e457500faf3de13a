locals {
  unit = file("${path.module}/../systemd/trunkline.service")

  environment = {
    for name, address in var.instances : name => merge({
      DATABASE_URL                    = var.database_url
      TRUNKLINE_AUTH__JWT_SECRET      = var.jwt_secret
      TRUNKLINE_SECRETS__KEY          = var.secrets_key
      TRUNKLINE_HTTP__ADDR            = "${address}:8000"
      TRUNKLINE_HTTP__PUBLIC_URL      = var.public_url
      TRUNKLINE_HTTP__TRUSTED_PROXIES = join(",", var.proxies)
      TRUNKLINE_LOG__FORMAT           = "json"
    }, var.settings)
  }

  # A list of proxies that is empty is not said at all.
  lines = {
    for name, environment in local.environment : name => join("\n", [
      for key, value in environment : "${key}=${value}" if value != ""
    ])
  }

  user_data = {
    for name, address in var.instances : name => join("\n", ["#cloud-config", yamlencode({
      users = ["default", { name = "trunkline", system = true, shell = "/usr/sbin/nologin", no_create_home = true }]
      write_files = [
        {
          path        = "/etc/trunkline/trunkline.env"
          permissions = "0600"
          content     = "${local.lines[name]}\n"
        },
        {
          path    = "/etc/systemd/system/trunkline.service"
          content = local.unit
        },
      ]
      runcmd = [
        ["curl", "--fail", "--location", "--silent", "--show-error", "--output", "/tmp/trunkline", var.binary_url],
        ["sh", "-c", "echo '${var.binary_sha256}  /tmp/trunkline' | sha256sum --check && install -m 0755 /tmp/trunkline /usr/local/bin/trunkline"],
        ["systemctl", "enable", "--now", "trunkline"],
      ]
    })])
  }

  haproxy_servers = join("\n", [
    for name, address in var.instances : "    server ${name} ${address}:8000 check"
  ])
}
