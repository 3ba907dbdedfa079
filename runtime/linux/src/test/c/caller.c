/* A caller that no decent executable is: caller SOCKET DESCRIPTORS: sends stdin with so many descriptors of /dev/null on its first
 * byte, then prints what comes back until the end. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char **arguments) {
    static char bytes[1 << 20];
    char control[CMSG_SPACE(sizeof(int) * 64)];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct iovec part = {.iov_base = bytes};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    int files = count > 2 ? atoi(arguments[2]) : 0;
    ssize_t length;
    while ((length = read(0, bytes + part.iov_len, sizeof bytes - part.iov_len)) > 0)
        part.iov_len += (size_t)length;
    strncpy(address.sun_path, arguments[1], sizeof address.sun_path - 1);
    int daemon = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(daemon, (struct sockaddr *)&address, sizeof address) != 0)
        return 2;
    if (files > 0) {
        memset(control, 0, sizeof control);
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)files);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)files);
        for (int i = 0; i < files; i++) {
            int file = open("/dev/null", O_RDONLY);
            memcpy(CMSG_DATA(header) + (size_t)i * sizeof(int), &file, sizeof file);
        }
    }
    if (sendmsg(daemon, &message, MSG_NOSIGNAL) < 0)
        return 3;
    while ((length = read(daemon, bytes, sizeof bytes)) > 0)
        if (write(1, bytes, (size_t)length) != length)
            return 4;
    return 0;
}
