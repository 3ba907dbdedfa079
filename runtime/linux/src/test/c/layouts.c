/* Prints sizes, offsets and constants as the C compiler of this machine has them, for StructLayoutTest. */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#define SIZE(type) printf("sizeof(%s)=%zu\n", #type, sizeof(struct type))
#define OFFSET(type, member) printf("%s.%s=%zu\n", #type, #member, offsetof(struct type, member))
#define VALUE(name) printf("%s=%ld\n", #name, (long)(name))

int main(void) {
    SIZE(sockaddr_un), OFFSET(sockaddr_un, sun_family), OFFSET(sockaddr_un, sun_path);
    SIZE(ucred), OFFSET(ucred, pid), OFFSET(ucred, uid), OFFSET(ucred, gid);
    SIZE(epoll_event), OFFSET(epoll_event, events), OFFSET(epoll_event, data);
    SIZE(iovec), OFFSET(iovec, iov_base), OFFSET(iovec, iov_len);
    SIZE(msghdr), OFFSET(msghdr, msg_name), OFFSET(msghdr, msg_namelen), OFFSET(msghdr, msg_iov), OFFSET(msghdr, msg_iovlen);
    OFFSET(msghdr, msg_control), OFFSET(msghdr, msg_controllen), OFFSET(msghdr, msg_flags);
    SIZE(cmsghdr), OFFSET(cmsghdr, cmsg_len), OFFSET(cmsghdr, cmsg_level), OFFSET(cmsghdr, cmsg_type);
    VALUE(AF_UNIX), VALUE(SOCK_STREAM), VALUE(SOCK_CLOEXEC), VALUE(SOCK_NONBLOCK), VALUE(SOL_SOCKET), VALUE(SO_PEERCRED);
    VALUE(SCM_RIGHTS), VALUE(MSG_DONTWAIT), VALUE(MSG_NOSIGNAL), VALUE(MSG_CMSG_CLOEXEC);
    VALUE(EPOLLIN), VALUE(EPOLLOUT), VALUE(EPOLLRDHUP), VALUE(EPOLL_CTL_ADD), VALUE(EPOLL_CTL_DEL), VALUE(EPOLL_CTL_MOD), VALUE(EPOLL_CLOEXEC);
    printf("EFD_CLOEXEC_NONBLOCK=%d\n", EFD_CLOEXEC | EFD_NONBLOCK);
    return 0;
}
