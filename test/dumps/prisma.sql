-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Plan" AS ENUM ('FREE', 'PRO', 'TEAM-10');

-- CreateTable
CREATE TABLE "Member" (
    "id" SERIAL NOT NULL,
    "emailAddress" TEXT NOT NULL,
    "displayName" VARCHAR(60),
    "plan" "Plan" NOT NULL DEFAULT 'FREE',
    "nicknames" TEXT[],
    "balance" DECIMAL(65,30) NOT NULL DEFAULT 0,
    "settings" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Trail" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "ownerId" INTEGER NOT NULL,
    "parentId" TEXT,

    CONSTRAINT "Trail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "_MemberToTrail" (
    "A" INTEGER NOT NULL,
    "B" TEXT NOT NULL,

    CONSTRAINT "_MemberToTrail_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "Member_emailAddress_key" ON "Member"("emailAddress");

-- CreateIndex
CREATE UNIQUE INDEX "Trail_ownerId_slug_key" ON "Trail"("ownerId", "slug");

-- CreateIndex
CREATE INDEX "_MemberToTrail_B_index" ON "_MemberToTrail"("B");

-- AddForeignKey
ALTER TABLE "Trail" ADD CONSTRAINT "Trail_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "Member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Trail" ADD CONSTRAINT "Trail_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Trail"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_MemberToTrail" ADD CONSTRAINT "_MemberToTrail_A_fkey" FOREIGN KEY ("A") REFERENCES "Member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_MemberToTrail" ADD CONSTRAINT "_MemberToTrail_B_fkey" FOREIGN KEY ("B") REFERENCES "Trail"("id") ON DELETE CASCADE ON UPDATE CASCADE;
