packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "1.3.3"
    }
  }
}

source "amazon-ebs" "web" {
  ami_name      = "shop-web-${formatdate("YYYYMMDDhhmmss", timestamp())}"
  instance_type = "t3.small"
  region        = "eu-west-1"
  source_ami    = "ami-0123456789abcdef0"
  ssh_username  = "admin"
}

build {
  sources = ["source.amazon-ebs.web"]

  provisioner "shell" {
    script = "install-web.sh"
  }
}
