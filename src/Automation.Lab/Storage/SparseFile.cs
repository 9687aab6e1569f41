using System.ComponentModel;
using System.Runtime.InteropServices;
using Automation.Lab.Setup;
using Microsoft.Win32.SafeHandles;

namespace Automation.Lab.Storage;

/// <summary>Files that are longer than what they take on the disk.</summary>
internal static partial class SparseFile
{
    private const int KeepSize = 1, PunchHole = 2, NotSupported = 95;
    private const int Block = 64 * 1024;

    /// <summary>Makes a file longer by a hole at its end; makes the file where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Its length afterwards, never less than before.</param>
    /// <param name="owner">Whom a new file belongs to.</param>
    public static void Extend(string path, long length, UnixUser? owner)
    {
        var isNew = !File.Exists(path);
        using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            if (file.Length > length) throw new ArgumentException($"{path} has {file.Length} bytes already: more than {length}.", nameof(length));
            file.SetLength(length);
        }
        if (isNew) owner?.Own(path);
    }

    /// <summary>Gives the disk back every block that holds zeros alone; the content stays. Nobody may write to the file meanwhile.</summary>
    public static void DigHoles(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var block = new byte[Block];
        for (long at = 0; RandomAccess.Read(file, block, at) is > 0 and var read; at += read)
        {
            if (!block.AsSpan(0, read).ContainsAnyExcept((byte)0)) Punch(file, path, at, read);
        }
    }

    /// <summary>Makes a hole of what holds zeros, from an offset to the end.</summary>
    public static void Punch(string path, long from)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Punch(file, path, from, RandomAccess.GetLength(file) - from);
    }

    private static void Punch(SafeFileHandle file, string path, long offset, long length)
    {
        if (length <= 0 || Allocate(file, PunchHole | KeepSize, offset, length) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        // A file system without holes: the lab needs more of the disk, and is right all the same.
        if (error != NotSupported) throw new IOException($"Cannot make a hole in {path}: {new Win32Exception(error).Message}.");
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}
